"""What Granian serves to phones that trust nothing yet."""

from __future__ import annotations

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django is set up only now

from tanghulu.gateways.authority import Authority  # noqa: E402 - as above
from tanghulu.web.welcome import Welcome  # noqa: E402 - as above

application = Welcome(phones=settings.PHONES, root=Authority.of(settings.DATA).root())
