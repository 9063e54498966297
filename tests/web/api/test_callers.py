import pytest
from django.test import RequestFactory

from tanghulu.core.access import Actor, Role
from tanghulu.core.errors import NotAllowed
from tanghulu.web.api.callers import Session, Token

WEN = Actor("harbour", "a" * 32, frozenset({Role.WORKER}))


def request(method: str = "GET", **headers: str) -> object:
    made = RequestFactory(enforce_csrf_checks=True).generic(method, "/api/v1/x", headers=headers)
    made.actor = WEN  # type: ignore[attr-defined] # as the middleware leaves it
    return made


class TestToken:
    def test_is_who_brings_one(self) -> None:
        assert Token()(request("POST", authorization="Bearer x")) == WEN  # type: ignore[arg-type]

    def test_is_nobody_without(self) -> None:
        assert Token()(request()) is None  # type: ignore[arg-type]


class TestSession:
    def test_is_who_is_signed_in(self) -> None:
        assert Session()(request()) == WEN  # type: ignore[arg-type]

    def test_brings_the_token_of_a_form_for_what_changes_something(self) -> None:
        with pytest.raises(NotAllowed, match="form_expired"):
            Session()(request("POST"))  # type: ignore[arg-type]

    def test_is_nobody_for_who_brings_a_token(self) -> None:
        assert Session()(request("POST", authorization="Bearer x")) is None  # type: ignore[arg-type]
