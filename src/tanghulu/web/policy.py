"""What a browser reports that a page tried and the content policy forbids: a mistake of ours, or somebody's attack."""

from __future__ import annotations

import json
import re
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tanghulu.apps.directory import throttle
from tanghulu.core.errors import Invalid
from tanghulu.web.origin import origin_of

_log = structlog.get_logger("tanghulu.web")

_MOST_BYTES = 8192
_LONGEST = 300
# The code of a link that lets somebody in; the address of its page is reported like any other.
_CODE = re.compile(r"tgl_[\w-]+")
_FIELDS = ("document-uri", "effective-directive", "blocked-uri", "source-file", "line-number")


@csrf_exempt  # a browser sends it by itself, without a form
@require_POST
def violation(request: HttpRequest) -> HttpResponse:
    """Write one report to the log, as far as anybody may fill it. Raises Invalid `request_malformed`."""
    network = throttle.network_of(origin_of(request).address)
    throttle.spend([throttle.Try(throttle.REPORT, network)], at=timezone.now())
    _log.warning("content_policy_violated", **_report(request))
    return HttpResponse(status=204)


def _report(request: HttpRequest) -> dict[str, str]:
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > _MOST_BYTES:
            raise Invalid("request_malformed")
        given: Any = json.loads(request.body)
        report = given["csp-report"]
        return {name.replace("-", "_"): _CODE.sub("tgl_…", str(report.get(name, "")))[:_LONGEST] for name in _FIELDS}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Invalid("request_malformed") from error
