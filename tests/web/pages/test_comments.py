import json

from tests.support.cast import Cast
from tests.support.yard import RUN, STEP, Yard

PAGE = f"/jobs/{RUN}/comments/"


def say(cast: Cast, text: str, *, who: str = "chen", step: str = "") -> str:
    """Comment in a browser, and the page afterwards."""
    answer = cast.browser(who).post(PAGE, {"text": text, "step": step}, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def shown(cast: Cast, who: str, address: str) -> str:
    return str(cast.browser(who).get(address).content.decode())


class TestComments:
    def test_show_who_said_what_about_which_step(self, yard: Yard) -> None:
        yard.open()
        page = say(yard.cast, "@王维 <b>look</b>", step=STEP)
        assert '<strong class="remark-name">@王维</strong> &lt;b&gt;look&lt;/b&gt;' in page
        assert "陈静" in page

    def test_keep_what_was_refused_on_the_form(self, yard: Yard) -> None:
        yard.open()
        answer = yard.cast.browser("chen").post(PAGE, {"text": "words", "step": "no/where"})
        assert answer.status_code == 422
        assert "There is no such step." in answer.content.decode()
        assert ">words</textarea>" in answer.content.decode()

    def test_are_counted_on_the_job(self, yard: Yard) -> None:
        yard.open()
        say(yard.cast, "one")
        assert 'Comments <span class="number">1</span>' in shown(yard.cast, "chen", f"/jobs/{RUN}/")

    def test_offer_no_form_to_who_may_only_read(self, yard: Yard) -> None:
        yard.open()
        assert "<textarea" not in shown(yard.cast, "wu", PAGE)

    def test_do_not_exist_for_another_company(self, yard: Yard) -> None:
        yard.open()
        browser = yard.cast.browser("quentin")
        assert browser.get(PAGE).status_code == 404
        assert browser.post(PAGE, {"text": "words"}).status_code == 404

    def test_are_read_by_who_sees_them_alone(self, yard: Yard) -> None:
        yard.open()
        say(yard.cast, "@王维 look")
        browser = yard.cast.browser("wen")
        browser.head(PAGE)
        browser.get(PAGE, headers={"sec-purpose": "prefetch;prerender"})
        assert 'aria-label="For me: 1 not read"' in shown(yard.cast, "wen", "/jobs/")
        browser.get(PAGE)
        assert 'aria-label="For me: 1 not read"' not in shown(yard.cast, "wen", "/jobs/")


class TestErase:
    def test_leaves_that_something_was_there(self, yard: Yard) -> None:
        yard.open()
        page = say(yard.cast, "secret")
        action = page.split('action="', 1)[1].split('erase/"')[0].rsplit('action="', 1)[-1] + "erase/"
        answer = yard.cast.browser("chen").post(action, follow=True).content.decode()
        assert "secret" not in answer
        assert "The words of this comment were erased." in answer

    def test_is_offered_to_nobody_else(self, yard: Yard) -> None:
        yard.open()
        say(yard.cast, "words")
        assert "/erase/" not in shown(yard.cast, "wen", PAGE)


class TestForMe:
    def test_shows_what_one_was_told_until_it_is_read(self, yard: Yard) -> None:
        yard.open()
        say(yard.cast, "@王维 look")
        assert 'aria-label="For me: 1 not read"' in shown(yard.cast, "wen", "/jobs/")
        page = shown(yard.cast, "wen", "/for-me/")
        assert "look" in page
        assert "Mark all as read" in page
        shown(yard.cast, "wen", PAGE)
        assert 'aria-label="For me"' in shown(yard.cast, "wen", "/jobs/")
        assert "look" in shown(yard.cast, "wen", "/for-me/")

    def test_marks_all_as_read(self, yard: Yard) -> None:
        yard.open()
        say(yard.cast, "@王维 look")
        page = yard.cast.browser("wen").post("/for-me/", follow=True).content.decode()
        assert "Mark all as read" not in page

    def test_shows_nothing_to_others(self, yard: Yard) -> None:
        yard.open()
        say(yard.cast, "@王维 look")
        for username in ("zhao", "quentin"):
            assert "Nobody has mentioned you yet." in shown(yard.cast, username, "/for-me/")


class TestMentionable:
    def test_finds_people_by_the_beginning_of_a_name(self, cast: Cast) -> None:
        found = json.loads(shown(cast, "chen", "/mentionable/?q=王"))
        assert [person["name"] for person in found["people"]] == ["王维"]

    def test_finds_nobody_of_another_company(self, cast: Cast) -> None:
        assert json.loads(shown(cast, "quentin", "/mentionable/?q=王"))["people"] == []


class TestTheApi:
    ADDRESS = f"/api/v1/runs/{RUN}/comments"

    def test_takes_and_gives_comments(self, yard: Yard) -> None:
        yard.open()
        phone = yard.cast.phone("wen")
        answer = phone.post(self.ADDRESS, {"text": "@陈静 done", "step": STEP}, content_type="application/json")
        assert answer.status_code == 201
        found = phone.get(self.ADDRESS).json()["comments"]
        assert [(one["number"], one["text"], one["step"], one["name"]) for one in found] == [
            (answer.json()["number"], "@陈静 done", STEP, "王维")
        ]
        assert "1 not read" in shown(yard.cast, "chen", "/jobs/")
