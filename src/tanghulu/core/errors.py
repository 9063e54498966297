"""The four refusals. Whatever the product declines to do, it declines with one of these."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType


class Refusal(Exception):
    """A request that is declined, with a code that stays the same for ever and the values its sentence needs.

    Raise it where the reason is known; `tanghulu.web.errors` alone turns it into an HTTP status and a sentence
    in the reader's language.
    """

    def __init__(self, code: str, /, **params: str | int) -> None:
        super().__init__(code, params)
        self.code = code
        self.params: Mapping[str, str | int] = MappingProxyType(params)

    def __str__(self) -> str:
        """Name the code and its values, for logs and command lines."""
        values = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.code} ({values})" if values else self.code


class Invalid(Refusal):
    """What was sent is not of the form, or not possible as it stands."""


class NotAllowed(Refusal):
    """The person may not do this."""


class NotFound(Refusal):
    """There is no such thing, or it belongs to another tenant, which is the same."""


class Conflict(Refusal):
    """Something that exists already stands against it."""
