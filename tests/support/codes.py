"""The codes that an authenticator app shows (RFC 6238), worked out here on our own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time


def code_now(secret: str, *, ahead: int = 0) -> str:
    """The six digits for a base32 secret now, or so many half minutes ahead."""
    counter = int(time.time()) // 30 + ahead
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", counter), hashlib.sha1).digest()
    place = digest[-1] & 0xF
    number = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"
