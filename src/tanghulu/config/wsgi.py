"""What Granian serves."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tanghulu.config.settings")
_long_way = get_wsgi_application()

from tanghulu.web.door import Door  # noqa: E402 - what it calls can be loaded only now that Django is set up

application = Door(_long_way)
# Every page is loaded now: a mistake stops the start instead of meeting the first reader, who would also wait for it.
_ADDRESSES = get_resolver().url_patterns
