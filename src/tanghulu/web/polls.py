"""Living parts that ask again every few seconds: whoever has seen all there is costs one look-up.

Hundreds of screens ask all day, and nearly always nothing is new. What a page was answered with is remembered under
the browser's session, the address and the stamp; as long as the company's log, or the run's chain, has not grown, the
same question has the same answer, and neither session nor person nor job is read. "Nothing new" tells nothing but that,
and only to whom the page was given. What is remembered is forgotten within a minute, and so is a browser's right to
ask: whatever changes, and each new minute, goes the whole way again, past every lock.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from tanghulu.apps.jobs import queries
from tanghulu.apps.tenancy import scope
from tanghulu.web.renewal import is_part

_MOST = 20_000
_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a browser has seen: of which company and run, at which version, in which minute."""

    tenant: str
    run: str
    version: object
    minute: str


_seen: OrderedDict[_Key, _Seen] = OrderedDict()
_lock = threading.Lock()


def minute(now: datetime) -> str:
    """Part of what living parts show, because lengths of time are."""
    return now.strftime("%Y%m%d%H%M")


def remember(request: HttpRequest, stamp: str, *, at: datetime, tenant: str, version: object, run: str = "") -> None:
    """Remember that this browser is answered with this stamp; `version` is the board's or, with `run`, the job's."""
    key = _key(request, stamp)
    if key is None:
        return
    with _lock:
        _seen[key] = _Seen(tenant, run, version, minute(at))
        _seen.move_to_end(key)
        while len(_seen) > _MOST:
            _seen.popitem(last=False)


def nothing_new(request: HttpRequest, *, at: datetime) -> HttpResponse | None:
    """The answer that nothing is new, where that is certain; else None."""
    shown = request.headers.get("If-None-Match")
    if shown is None or not is_part(request):
        return None
    key = _key(request, shown.strip('"'))
    seen = _seen.get(key) if key is not None else None
    if seen is None or seen.minute != minute(at):
        return None
    with scope.within(seen.tenant):
        version = queries.job_version(seen.run) if seen.run else queries.board_version()
    return HttpResponseNotModified() if version == seen.version else None


def _key(request: HttpRequest, stamp: str) -> _Key | None:
    session = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    return (session, request.get_full_path(), stamp) if session else None
