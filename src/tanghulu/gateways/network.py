"""Where this machine stands in the company's network."""

from __future__ import annotations

import ipaddress
import socket

# Addresses for documentation (RFC 5737): nothing is sent, the system only says from which address it would be.
_ELSEWHERE = ("198.51.100.1", 9)


def own_address() -> str:
    """The IPv4 address by which others in the network reach this machine; empty where there is no network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ELSEWHERE)
        except OSError:
            return ""
        found = str(probe.getsockname()[0])
    return "" if ipaddress.ip_address(found).is_loopback else found


def has_address(address: str) -> bool:
    """Say whether the address is one of this machine's own."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True
