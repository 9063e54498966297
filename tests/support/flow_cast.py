"""Who takes part in a run that is played."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from random import Random

from tanghulu.core.flow import Facts, Template

Cast = Mapping[str, list[str]]


def ref(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def cast_of(template: Template, rng: Random | None = None) -> dict[str, list[str]]:
    """Everybody has one part only, so that no two duties meet."""
    cast = {}
    for part, asked in template.people.items():
        size = asked.least if rng is None else rng.randint(asked.least, min(asked.most, asked.least + 2))
        cast[part] = [ref(f"{part}-{number}") for number in range(size)]
    return cast


def directory_of(template: Template, cast: Cast) -> dict[str, Facts]:
    directory: dict[str, Facts] = {}
    for part, members in cast.items():
        asked = template.people[part]
        for member in members:
            facts = directory.setdefault(member, {"roles": [], "certificates": {}})
            facts["roles"] = sorted({*facts["roles"], *asked.roles})
            if asked.certificate is not None:
                facts["certificates"][asked.certificate] = "2027-12-31"
    opener = cast[template.leads[0]][0]
    directory[opener]["roles"] = sorted({*directory[opener]["roles"], *template.opened_by})
    return directory
