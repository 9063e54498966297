"""Secrets that are given out once and kept as a digest only, so that whoever reads the database cannot use them."""

from __future__ import annotations

import hashlib


def digest(secret: str) -> str:
    """SHA-256 of a token, link, code or ticket, in hex. They are random and long, so that no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()
