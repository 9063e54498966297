"""Until when a certificate on the disk is good."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from cryptography import x509


def good_until(path: Path) -> datetime | None:
    """The end of the first certificate in a PEM file; None where the file is not there or holds none."""
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())[0].not_valid_after_utc
    except (OSError, ValueError):
        return None
