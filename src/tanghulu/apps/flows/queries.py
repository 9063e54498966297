"""What is looked up about process templates."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tanghulu.apps.flows.models import TemplateVersion
from tanghulu.core import flow
from tanghulu.core.access import Actor, Permission
from tanghulu.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Current:
    """The version of a template that new runs take. `title` maps language tags to texts."""

    template: str
    version: str
    title: dict[str, str]
    number: int


def current(actor: Actor) -> list[Current]:
    """Every template's newest version that is not retired, sorted by template."""
    actor.require(Permission.FLOWS_TEMPLATE_READ)
    newest: dict[str, TemplateVersion] = {}
    rows = TemplateVersion.objects.filter(retired_at=None).only("template", "version", "number")
    for row in rows.order_by("template", "number"):
        newest[row.template] = row
    scripts = compiled_each(row.version for row in newest.values())
    return [
        Current(
            template=row.template,
            version=row.version,
            title=dict(scripts[row.version].document["title"]),
            number=row.number,
        )
        for row in newest.values()
    ]


def published(actor: Actor) -> set[str]:
    """The templates that have a version which new runs take."""
    actor.require(Permission.FLOWS_TEMPLATE_READ)
    return set(TemplateVersion.objects.filter(retired_at=None).values_list("template", flat=True))


def titles(actor: Actor) -> list[tuple[str, dict[str, str]]]:
    """Every template with the title of its newest version, retired or not, sorted by template: for choosing one."""
    actor.require(Permission.FLOWS_TEMPLATE_READ)
    return [(template, texts.title) for template, texts in _newest_texts()]


def templates_saying(actor: Actor, *, word: str) -> list[str]:
    """The templates whose title, or the title of one of whose steps, contains the word in some language."""
    actor.require(Permission.FLOWS_TEMPLATE_READ)
    wanted = word.casefold()
    return [template for template, texts in _newest_texts() if wanted in texts.all]


@dataclass(frozen=True, slots=True)
class _Texts:
    """The titles of a version: its own by language, and all of them, its steps' too, in one text for searching."""

    title: dict[str, str]
    all: str


def _newest_texts() -> list[tuple[str, _Texts]]:
    """No version is compiled, and no document read twice."""
    newest = dict(TemplateVersion.objects.order_by("template", "number").values_list("template", "version"))
    unknown = [version for version in newest.values() if version not in _texts]
    for row in TemplateVersion.objects.filter(version__in=unknown).only("template", "version", "document"):
        document = json.loads(bytes(row.document))
        title = dict(document.get("title", {"en": row.template}))
        _texts[row.version] = _Texts(title, "\n".join(_all_titles(document)).casefold())
    while len(_texts) > _TEXTS_AT_MOST:
        _texts.pop(next(iter(_texts)), None)
    return [(template, _texts[version]) for template, version in newest.items() if version in _texts]


def _all_titles(node: object) -> Iterator[str]:
    """Every title in a document, in every language, at whatever depth."""
    if isinstance(node, list):
        for below in node:
            yield from _all_titles(below)
    elif isinstance(node, dict):
        title = node.get("title")
        if isinstance(title, dict):
            yield from (text for text in title.values() if isinstance(text, str))
        for below in node.values():
            yield from _all_titles(below)


def document(actor: Actor, version: str) -> bytes:
    """The canonical JSON bytes of a version. Raises NotFound `template_not_found`."""
    actor.require(Permission.FLOWS_TEMPLATE_READ)
    return document_bytes(version)


def document_bytes(version: str) -> bytes:
    """The canonical JSON bytes of a version of this company. Raises NotFound `template_not_found`."""
    row = TemplateVersion.objects.filter(version=version).only("document").first()
    if row is None:
        raise NotFound("template_not_found")
    return bytes(row.document)


def is_published(version: str) -> bool:
    """Say whether this company has published this version."""
    return TemplateVersion.objects.filter(version=version).exists()


def published_at(version: str) -> datetime | None:
    """When this company published the version; None when it has not."""
    return TemplateVersion.objects.filter(version=version).values_list("published_at", flat=True).first()


@dataclass(frozen=True, slots=True)
class Compiled:
    """A version ready for the kernel, and its document in the order of its author."""

    template: flow.Template
    document: dict[str, Any]


def compiled(version: str) -> Compiled:
    """A version ready for the kernel. Raises NotFound `template_not_found`."""
    if not is_published(version):
        raise NotFound("template_not_found")
    return _kept.get(version) or _keep(version)


def compiled_each(versions: Iterable[str]) -> dict[str, Compiled]:
    """Those of the versions that this company has published, ready for the kernel, by two queries at most."""
    rows = TemplateVersion.objects.filter(version__in=set(versions))
    published = set(rows.values_list("version", flat=True))
    new = published - _kept.keys()
    for row in rows.filter(version__in=new).only("version", "document") if new else ():
        _put(row.version, bytes(row.document))
    return {version: _kept.get(version) or _keep(version) for version in published}


# A version is named by the hash of its bytes, so what is kept can never be out of date, whoever published it.
_kept: dict[str, Compiled] = {}
_KEPT_AT_MOST = 256
_texts: dict[str, _Texts] = {}
_TEXTS_AT_MOST = 20_000


def _keep(version: str) -> Compiled:
    return _put(version, document_bytes(version))


def _put(version: str, document: bytes) -> Compiled:
    template = flow.load_version(json.loads(document))
    found = Compiled(template=template, document=dict(template.document))
    while len(_kept) >= _KEPT_AT_MOST:
        _kept.pop(next(iter(_kept)), None)
    _kept[version] = found
    return found
