"""The corpus of altered packs; importing it gathers all of them."""

from tests.support.altered import entries, files, heads, hostile, links, people, photos, revocations, seals
from tests.support.altered.registry import ALTERED, Altered, good_pack, pinned_policy, policy

__all__ = [
    "ALTERED",
    "Altered",
    "entries",
    "files",
    "good_pack",
    "heads",
    "hostile",
    "links",
    "people",
    "photos",
    "pinned_policy",
    "policy",
    "revocations",
    "seals",
]
