"""The page that leads a phone in, a WSGI application of its own: nothing else can be reached at its address.

It is served by plain HTTP, since the phone trusts nothing yet. It holds nothing of any company, asks for nothing, sets
no cookie and believes nothing that it is sent: its addresses come from the settings, never from the request.
"""

from __future__ import annotations

import plistlib
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language_from_request, gettext

from tanghulu.core import authority

Start = Callable[..., Any]

CERTIFICATE, PROFILE = "/tanghulu.crt", "/tanghulu.mobileconfig"
_STATIC = Path(__file__).parent / "static"
_FILES = {
    "/welcome.css": ("dist/welcome.css", "text/css; charset=utf-8"),
    **{
        f"/phone-{name}.svg": (f"img/phone-{name}.svg", "image/svg+xml")
        for name in ("scan", "trust-android", "trust-iphone", "install")
    },
    "/favicon.svg": ("img/favicon.svg", "image/svg+xml"),
}
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Content-Security-Policy", _POLICY),
)
_KINDS = ("android", "iphone")


@dataclass(frozen=True, slots=True)
class Answer:
    """What one request gets."""

    status: str
    media_type: str
    content: bytes
    also: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Welcome:
    """The application: where phones go, and the certificate that they shall trust."""

    phones: str
    root: x509.Certificate

    def __call__(self, given: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        """Answer a request."""
        answer = self._answer(WSGIRequest(given))
        headers = [("Content-Type", answer.media_type), ("Content-Length", str(len(answer.content)))]
        start_response(answer.status, [*headers, *_HEADERS, *answer.also])
        return (b"" if given["REQUEST_METHOD"] == "HEAD" else answer.content,)

    def _answer(self, request: WSGIRequest) -> Answer:
        if request.method not in {"GET", "HEAD"}:
            return Answer("405 Method Not Allowed", "text/plain", b"", (("Allow", "GET, HEAD"),))
        match request.path_info:
            case "/":
                return Answer(
                    "200 OK", "text/html; charset=utf-8", self._page(request), (("Cache-Control", "no-store"),)
                )
            case path if path == CERTIFICATE:
                return self._handed_out("application/x-x509-ca-cert", self.root.public_bytes(Encoding.DER))
            case path if path == PROFILE:
                return self._handed_out("application/x-apple-aspen-config", self._profile())
            case path if path in _FILES:
                name, media_type = _FILES[path]
                return Answer("200 OK", media_type, (_STATIC / name).read_bytes())
        return Answer("404 Not Found", "text/plain; charset=utf-8", b"404\n")

    def _page(self, request: WSGIRequest) -> bytes:
        language = request.GET.get("lang")
        kind = request.GET.get("phone")
        if language not in dict(settings.LANGUAGES):
            language = get_language_from_request(request)
        if kind not in _KINDS:
            kind = "iphone" if "iPhone" in request.headers.get("User-Agent", "") else "android"
        context = {
            "phones": self.phones,
            "host": urlsplit(self.phones).hostname,
            "fingerprint": rows_of(self.root),
            "kind": kind,
            "language": language,
            "languages": settings.LANGUAGES,
            "certificate": CERTIFICATE if kind == "android" else PROFILE,
        }
        with translation.override(language):
            return render_to_string("welcome/page.html", context).encode()

    @staticmethod
    def _handed_out(media_type: str, content: bytes) -> Answer:
        # An iPhone offers to install what it shows; told to save a file it would only save it.
        also = (("Content-Disposition", 'attachment; filename="tanghulu.crt"'),) if "x509" in media_type else ()
        return Answer("200 OK", media_type, content, (("Cache-Control", "no-store"), *also))

    def _profile(self) -> bytes:
        """The certificate as an iPhone installs it. Its identifiers follow from the certificate, so twice is once."""
        host = urlsplit(self.phones).hostname or ""
        mark = authority.fingerprint(self.root)
        name = gettext("Tanghulu")
        payload = {
            "PayloadType": "com.apple.security.root",
            "PayloadVersion": 1,
            "PayloadIdentifier": f"tanghulu.{host}.root",
            "PayloadUUID": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{mark}#root")).upper(),
            "PayloadDisplayName": f"{name} {host}",
            "PayloadCertificateFileName": "tanghulu.crt",
            "PayloadContent": self.root.public_bytes(Encoding.DER),
        }
        profile = {
            "PayloadType": "Configuration",
            "PayloadVersion": 1,
            "PayloadIdentifier": f"tanghulu.{host}",
            "PayloadUUID": str(uuid.uuid5(uuid.NAMESPACE_URL, mark)).upper(),
            "PayloadDisplayName": f"{name} {host}",
            "PayloadDescription": f"SHA-256 {mark}",
            "PayloadContent": [payload],
        }
        return plistlib.dumps(profile)


def rows_of(root: x509.Certificate) -> list[str]:
    """The fingerprint in four rows of eight pairs, to be compared by eye."""
    pairs = authority.fingerprint(root).split(":")
    return [" ".join(pairs[start : start + 8]) for start in range(0, len(pairs), 8)]
