"""The product's own settings on a data directory of this test process alone, with a database file like the real one."""

import atexit
import os
import shutil
import tempfile

os.environ["TANGHULU_DATA"] = tempfile.mkdtemp(prefix="tanghulu-tests-")
atexit.register(shutil.rmtree, os.environ["TANGHULU_DATA"], ignore_errors=True)
# Programs that a test starts are the product itself and take the product's settings.
os.environ["DJANGO_SETTINGS_MODULE"] = "tanghulu.config.settings"

from tanghulu.config.settings import *  # noqa: E402, F403 - the directory above must be set before it is read
from tanghulu.config.settings import DATA, DATABASES, STATIC_ROOT  # noqa: E402 - as above

# An installation collects its static files there; without the folder the server warns.
STATIC_ROOT.mkdir(exist_ok=True)

# Threads of one test share a file with write-ahead log, as in production, instead of a database in memory.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": DATA / "test.sqlite3"}

# A test is one transaction: a connection that grew too old in the middle of it would take the transaction along.
DATABASES["default"]["CONN_MAX_AGE"] = None

# A slow hash protects passwords that are worth something.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
