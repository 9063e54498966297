from django.test import Client

from tests.support.cast import Cast


class TestHome:
    def test_leads_a_stranger_to_sign_in(self, client: Client) -> None:
        assert client.get("/")["Location"] == "/sign-in/?next=/"

    def test_leads_everybody_somewhere_they_may_be(self, cast: Cast) -> None:
        for username in ("wen", "vera", "zhao", "chen", "sun", "zhou", "wu", "zheng"):
            assert cast.browser(username).get("/", follow=True).status_code == 200, username


class TestCompanies:
    def test_are_for_people_who_are_signed_in(self, client: Client) -> None:
        assert client.get("/companies/")["Location"].startswith("/sign-in/")

    def test_are_those_of_the_account(self, cast: Cast) -> None:
        page = cast.browser("wen").get("/companies/").content.decode()
        assert "港湾散货码头" in page
        assert "采石场" not in page


class TestBar:
    def test_has_the_links_that_the_permissions_open(self, cast: Cast) -> None:
        page = cast.browser("wen").get("/equipment/").content.decode()
        assert 'href="/equipment/" aria-current="page"' in page
        assert 'href="/people/"' not in page
        assert 'href="/people/"' in cast.browser("zheng").get("/equipment/").content.decode()
