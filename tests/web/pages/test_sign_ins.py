from django.test import Client

from tests.support.cast import Cast
from tests.support.passwords import choose_password


class TestSignIns:
    def test_tells_who_was_refused_and_why(self, cast: Cast) -> None:
        choose_password(cast, "wen", "three-haws-on-a-stick")
        Client().post("/sign-in/", {"login": "wen", "password": "wrong"}, HTTP_USER_AGENT="Firefox (Windows)")
        page = cast.browser("zheng").get("/sign-ins/?what=refused").content.decode()
        assert "王维" in page
        assert "wrong password" in page
        assert "Firefox · Windows" in page
        assert "the server&#x27;s own machine" in page

    def test_goes_on_to_older_ones(self, cast: Cast) -> None:
        for _ in range(51):
            cast.browser("zheng").post("/people/" + cast["wen"].member + "/link/")
        office = cast.browser("zheng")
        page = office.get("/sign-ins/?what=link_made").content.decode()
        assert page.count("Sign-in link made") == 51  # 50 lines, and the choice above them
        assert "by 郑洁" in page
        older = page.split('href="?before=')[1].split('"')[0]
        assert office.get(f"/sign-ins/?before={older.replace('&amp;', '&')}").content.decode().count(">王维<") == 1

    def test_does_not_fall_over_nonsense(self, cast: Cast) -> None:
        assert cast.browser("zheng").get("/sign-ins/?before=x&what=y").status_code == 200
