"""Words for a browser and for where it is, out of what it says itself and of its address."""

from __future__ import annotations

from ipaddress import ip_address

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# The first mark that is found counts: most browsers name others before themselves.
_PROGRAMS: tuple[tuple[str, str | Promise], ...] = (
    ("DingTalk", gettext_lazy("DingTalk")),
    ("MicroMessenger", gettext_lazy("WeChat")),
    ("HuaweiBrowser", gettext_lazy("Huawei Browser")),
    ("MiuiBrowser", gettext_lazy("Mi Browser")),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: tuple[tuple[str, str], ...] = (
    ("HarmonyOS", "HarmonyOS"),
    ("OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)


def browser_words(agent: str) -> str:
    """Such as "Chrome · Windows"."""
    program = next((name for mark, name in _PROGRAMS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return " · ".join(str(name) for name in (program, system) if name) or _("another program")


def place_words(address: str) -> str:
    """Such as "the local network, 192.168.1.7"; an address out in the world as it is."""
    try:
        known = ip_address(address)
    except ValueError:
        return address or "—"
    if known.is_loopback:
        return _("the server's own machine")
    if known.is_private:
        return _("the local network, %(address)s") % {"address": address}
    return address
