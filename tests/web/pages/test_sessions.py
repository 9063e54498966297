import re

import pytest
from django.test import Client

from tests.support.cast import Cast
from tests.support.passwords import choose_password

PASSWORD = "three-haws-on-a-stick"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64) Gecko/20100101 Firefox/128.0"


def signed_in(username: str, agent: str) -> Client:
    client = Client(headers={"accept-language": "en", "user-agent": agent})
    client.post("/sign-in/", {"login": username, "password": PASSWORD})
    return client


@pytest.fixture
def two(cast: Cast) -> tuple[Client, Client]:
    """Wen's browser at a desk and his phone, and Vera's browser besides."""
    for username in ("wen", "vera"):
        choose_password(cast, username, PASSWORD)
    signed_in("vera", DESK)
    return signed_in("wen", DESK), signed_in("wen", PHONE)


def page(client: Client) -> str:
    return client.get("/sessions/").content.decode()


def session_in(text: str) -> str:
    found = re.search(r"/sessions/(\d+)/end/", text)
    assert found is not None
    return found[1]


class TestSessions:
    def test_are_ones_own_in_words(self, two: tuple[Client, Client]) -> None:
        text = page(two[0])
        assert text.count("Firefox · Windows") == 1
        assert text.count("Chrome · Android") == 1
        assert "this browser" in text
        assert "just now" in text

    def test_end_one_by_one(self, two: tuple[Client, Client]) -> None:
        desk, phone = two
        desk.post(f"/sessions/{session_in(page(desk))}/end/")
        assert phone.get("/equipment/").status_code == 302
        assert desk.get("/equipment/").status_code == 200
        assert "Chrome · Android" not in page(desk)

    def test_of_others_cannot_be_ended(self, cast: Cast, two: tuple[Client, Client]) -> None:
        session = session_in(page(two[0]))
        assert signed_in("vera", DESK).post(f"/sessions/{session}/end/").status_code == 404
        assert two[1].get("/equipment/").status_code == 200

    def test_end_everywhere_else(self, two: tuple[Client, Client]) -> None:
        desk, phone = two
        desk.post("/sessions/others/end/")
        assert phone.get("/equipment/").status_code == 302
        assert desk.get("/equipment/").status_code == 200
