"""Names of static files."""

from __future__ import annotations

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.base import File


class HashedWherePresent(ManifestStaticFilesStorage):
    """Hashed names, cached for ever, once the files are collected; plain names, cached briefly, before that."""

    manifest_strict = False

    def hashed_name(self, name: str, content: File[bytes] | None = None, filename: str | None = None) -> str:
        """The name with its hash; the plain name for a file that has not been collected."""
        try:
            return str(super().hashed_name(name, content, filename))
        except ValueError:
            return name
