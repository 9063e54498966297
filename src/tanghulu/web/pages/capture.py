"""The phone: one page for everybody, which then works by itself.

The page holds nothing about anybody. Who uses the phone is known to the phone, and its requests bring a token.
"""

from __future__ import annotations

import hashlib
import json

from csp.decorators import csp_update
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

_SCRIPT = "dist/sw.js"
_PARTS = ("dist/capture.js", "dist/capture.css", "img/favicon.svg", "img/phone-192.png", "img/phone-512.png")
# Loaded when somebody scans a code and the browser cannot read it; the machine code has its hash in its name.
_READER = "dist/reader.js"
_WASM = "dist/zxing-85d46f55d7c86a4d.wasm"
_BAMBOO = "#faf8f4"


# The reader of codes is WebAssembly; no other page may run any.
@csp_update({"script-src": ["'wasm-unsafe-eval'"]})
@require_safe
@never_cache
def capture(request: HttpRequest) -> HttpResponse:
    """The shell of the phone; what is shown in it the phone draws. Here alone a reader of codes may run."""
    return _shell(request)


def _shell(request: HttpRequest) -> HttpResponse:
    context = {"ground": _BAMBOO, "reader": static(_READER), "wasm": static(_WASM)}
    return render(request, "capture/shell.html", context)


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What an installed phone page is called and looks like."""
    start = reverse("capture")
    icons = [
        {"src": static(f"img/phone-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"} for size in (192, 512)
    ]
    return JsonResponse(
        {
            "name": _("Tanghulu"),
            "short_name": _("Tanghulu"),
            "id": start,
            "start_url": start,
            "scope": start,
            "display": "standalone",
            "orientation": "portrait",
            "background_color": _BAMBOO,
            "theme_color": _BAMBOO,
            "icons": [*icons, {**icons[-1], "purpose": "maskable"}],
        },
        content_type="application/manifest+json",
    )


@require_safe
@never_cache
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, told what makes up the shell. Its bytes change exactly when the shell does."""
    urls = [reverse("capture"), reverse("capture_manifest"), *(static(part) for part in _PARTS)]
    page = _shell(request).content
    shell = {"version": _version(page), "urls": urls, "later": [static(_READER), static(_WASM)]}
    script = _content(_SCRIPT)
    text = b"self.SHELL=" + json.dumps(shell, separators=(",", ":")).encode() + b";\n" + script
    return HttpResponse(text, content_type="text/javascript; charset=utf-8")


def _version(page: bytes) -> str:
    """A hash over everything in the shell."""
    digest = hashlib.sha256(page)
    for part in (_SCRIPT, *_PARTS, _READER):
        digest.update(hashlib.sha256(_content(part)).digest())
    return digest.hexdigest()[:16]


def _content(name: str) -> bytes:
    found = finders.find(name)
    if not isinstance(found, str):
        return b""
    with open(found, "rb") as file:  # noqa: PTH123 - the finder gives a name
        return file.read()
