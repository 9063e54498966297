import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django import Settings

from tanghulu.apps.directory import sign_ins
from tanghulu.apps.tenancy import scope
from tests.support.cast import Cast
from tests.support.passwords import choose_password

PASSWORD = "three-haws-on-a-stick"


@pytest.fixture
def door(cast: Cast) -> Client:
    """A browser before sign-in; Wen has a password."""
    choose_password(cast, "wen", PASSWORD)
    get_user_model().objects.filter(username="wen").update(email="wen@example.com")
    return Client(headers={"accept-language": "en"})


class TestSignIn:
    @pytest.mark.parametrize("name", ["wen", "WEN", "wen@example.com"])
    def test_lets_in_by_name_or_address(self, door: Client, name: str) -> None:
        answer = door.post("/sign-in/", {"login": name, "password": PASSWORD})
        assert (answer.status_code, answer["Location"]) == (302, "/")

    def test_goes_on_to_where_one_was_going(self, door: Client) -> None:
        page = door.get("/sign-in/?next=/equipment/").content.decode()
        assert 'name="next" value="/equipment/"' in page
        answer = door.post("/sign-in/", {"login": "wen", "password": PASSWORD, "next": "/equipment/"})
        assert answer["Location"] == "/equipment/"

    def test_does_not_go_on_elsewhere(self, door: Client) -> None:
        answer = door.post("/sign-in/", {"login": "wen", "password": PASSWORD, "next": "https://example.com/"})
        assert answer["Location"] == "/"

    def test_refuses_a_wrong_password_as_it_does_a_name_that_is_not_there(self, door: Client) -> None:
        answers = [
            door.post("/sign-in/", {"login": name, "password": "wrong"}).content.decode() for name in ("wen", "nobody")
        ]
        assert all("field-error" in answer for answer in answers)
        assert not get_user_model().objects.filter(username="nobody").exists()

    def test_ends_the_guessing(self, door: Client) -> None:
        for _ in range(5):
            answer = door.post("/sign-in/", {"login": "wen", "password": "wrong"})
        assert "field-error" in answer.content.decode()
        answer = door.post("/sign-in/", {"login": "wen@example.com", "password": PASSWORD})
        assert answer.status_code == 429
        assert 0 < int(answer["Retry-After"]) <= 300
        assert "Too many attempts. Please wait" in answer.content.decode()

    def test_lets_the_person_in_from_another_place_all_the_same(self, door: Client) -> None:
        for _ in range(6):
            door.post("/sign-in/", {"login": "wen", "password": "wrong"}, REMOTE_ADDR="203.0.113.7")
        answer = door.post("/sign-in/", {"login": "wen", "password": PASSWORD}, REMOTE_ADDR="203.0.113.8")
        assert answer.status_code == 302

    def test_lets_a_known_browser_in_however_much_is_guessed_elsewhere(self, door: Client) -> None:
        door.post("/sign-in/", {"login": "wen", "password": PASSWORD})
        door.post("/sign-out/")
        for place in range(60):
            guess = {"login": "wen", "password": "wrong"}
            Client().post("/sign-in/", guess, REMOTE_ADDR=f"203.0.113.{place}")
        stranger = Client().post("/sign-in/", {"login": "wen", "password": PASSWORD}, REMOTE_ADDR="203.0.113.200")
        assert stranger.status_code == 429
        assert door.post("/sign-in/", {"login": "wen", "password": PASSWORD}).status_code == 302

    def test_is_written_down(self, door: Client, cast: Cast) -> None:
        door.post("/sign-in/", {"login": "wen", "password": "wrong"})
        door.post("/sign-in/", {"login": "wen", "password": PASSWORD})
        door.post("/sign-out/")
        with scope.within("harbour"):
            rows = sign_ins.records(cast["zheng"], limit=3).rows
        assert [(row.name, row.what, row.way, row.reason) for row in rows] == [
            ("王维", "signed_out", "", ""),
            ("王维", "signed_in", "password", ""),
            ("王维", "refused", "password", "password_wrong"),
        ]
        assert {row.address for row in rows} == {"127.0.0.1"}

    def test_never_lets_in_without_a_password(self, door: Client) -> None:
        answer = door.post("/sign-in/", {"login": "vera", "password": ""})
        assert answer.status_code == 200

    @pytest.mark.parametrize(
        "path", ["/signup/", "/sign-in/signup/", "/accounts/signup/", "/password/reset/", "/admin/"]
    )
    def test_has_no_other_door(self, door: Client, path: str) -> None:
        assert door.get(path).status_code == 404


class TestSignOut:
    def test_asks_and_ends_the_session(self, cast: Cast) -> None:
        browser = cast.browser("wen")
        assert "Sign out?" in browser.get("/sign-out/").content.decode()
        assert browser.post("/sign-out/")["Location"] == "/sign-in/"
        assert browser.get("/equipment/").status_code == 302


class TestChangePassword:
    def test_changes_it(self, door: Client) -> None:
        door.post("/sign-in/", {"login": "wen", "password": PASSWORD})
        assert door.get("/password/").status_code == 200
        new = "bamboo-and-sugar"
        answer = door.post("/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
        assert answer.status_code == 302
        assert get_user_model().objects.get(username="wen").check_password(new)

    def test_ends_every_other_session(self, door: Client) -> None:
        other = Client()
        for browser in (door, other):
            browser.post("/sign-in/", {"login": "wen", "password": PASSWORD})
        new = "bamboo-and-sugar"
        door.post("/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
        assert door.get("/equipment/").status_code == 200
        assert other.get("/equipment/").status_code == 302

    @pytest.mark.parametrize("new", [PASSWORD, "short-1", "password123", "29384756123", "wen@example.co"])
    def test_refuses_a_weak_one_and_the_present_one(self, door: Client, new: str) -> None:
        door.post("/sign-in/", {"login": "wen", "password": PASSWORD})
        answer = door.post("/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
        assert "field-error" in answer.content.decode()
        assert get_user_model().objects.get(username="wen").check_password(PASSWORD)


@pytest.fixture
def demo(cast: Cast, settings: Settings) -> Client:
    settings.DEMO = True
    return Client(headers={"accept-language": "en", "host": "localhost:8000"})


class TestDemo:
    def test_shows_everybody(self, demo: Client) -> None:
        page = demo.get("/demo/").content.decode()
        assert "王维" in page
        assert "采石场" in page

    def test_lets_in_with_one_click(self, demo: Client) -> None:
        assert demo.post("/demo/", {"username": "zheng"})["Location"] == "/"
        assert demo.get("/people/").status_code == 200

    def test_lets_change_from_one_to_another(self, demo: Client) -> None:
        demo.post("/demo/", {"username": "zheng"})
        demo.post("/demo/", {"username": "quentin"})
        page = demo.get("/people/").content.decode()
        assert "昆廷" in page
        assert "王维" not in page

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]:8000"])
    def test_answers_on_the_machine_itself(self, demo: Client, host: str) -> None:
        assert demo.get("/demo/", headers={"host": host}).status_code == 200

    @pytest.mark.parametrize(
        "elsewhere",
        [
            {"REMOTE_ADDR": "10.0.0.7"},
            {"REMOTE_ADDR": ""},
            {"HTTP_HOST": "tanghulu.example.com"},
            {"HTTP_X_FORWARDED_FOR": "10.0.0.7"},
            {"HTTP_FORWARDED": "for=10.0.0.7"},
        ],
    )
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_is_not_there_for_anybody_elsewhere(
        self, demo: Client, settings: Settings, elsewhere: dict[str, str], method: str
    ) -> None:
        settings.ALLOWED_HOSTS = ["localhost", "tanghulu.example.com"]
        answer = getattr(demo, method)("/demo/", {"username": "zheng"}, **elsewhere)
        assert answer.status_code == 404
        assert demo.get("/people/").status_code == 302

    def test_is_not_there_without_a_demo(self, demo: Client, settings: Settings) -> None:
        settings.DEMO = False
        assert demo.get("/demo/").status_code == 404
        assert demo.post("/demo/", {"username": "zheng"}).status_code == 404

    def test_ends_with_the_demo(self, demo: Client, settings: Settings) -> None:
        demo.post("/demo/", {"username": "zheng"})
        settings.DEMO = False
        assert demo.get("/people/").status_code == 302

    def test_does_not_let_in_somebody_who_has_a_password(self, door: Client, demo: Client) -> None:
        assert demo.post("/demo/", {"username": "wen"}).status_code == 404

    def test_does_not_let_in_somebody_who_is_not_there(self, demo: Client) -> None:
        assert demo.post("/demo/", {"username": "nobody"}).status_code == 404
        assert demo.post("/demo/").status_code == 404
