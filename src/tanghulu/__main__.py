"""`python -m tanghulu` is the command line."""

import sys

from tanghulu.cli.main import main

sys.exit(main())
