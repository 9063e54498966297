import re

from tests.support.yard import RUN, Yard, picture

PAGE = f"/jobs/{RUN}/replay/"


def shown(yard: Yard, kind: str, *, part: bool = True, nth: int = 0) -> str:
    """What is shown of the event of this type."""
    numbers = [number for number, entry in enumerate(yard.entries(), start=1) if entry.type == kind]
    headers = {"hx-request": "true"} if part else {}
    browser = yard.cast.browser("chen")
    return str(browser.get(f"{PAGE}?event={numbers[nth]}", headers=headers).content.decode())


class TestReplay:
    def test_is_a_list_of_links_for_those_without_scripts(self, yard: Yard) -> None:
        yard.finish()
        page = shown(yard, "photo.taken", part=False)
        numbers = [int(number) for number in re.findall(r'<li><a href="\?event=(\d+)"', page)]
        assert numbers == list(range(1, len(yard.entries()) + 1))
        assert 'rel="next"' in page
        assert 'rel="prev"' in page

    def test_gives_a_script_the_moment_alone(self, yard: Yard) -> None:
        yard.finish()
        part = shown(yard, "photo.taken")
        assert "<html" not in part
        assert "/1600.jpg" in part
        assert "王维" in part
        assert "skewer-large" in part

    def test_shows_a_thumbnail_only_once_its_bytes_have_come(self, yard: Yard) -> None:
        yard.finish()
        assert "/320.jpg" not in shown(yard, "photo.taken")
        assert "/320.jpg" in shown(yard, "photo.stored")

    def test_compares_with_the_photo_before_in_the_same_place(self, yard: Yard) -> None:
        yard.open()
        for number in (1, 2):
            yard.send(yard.sign_photo(picture(number)))
            yard.put(picture(number))
        assert 'data-film-target="compare"' not in shown(yard, "photo.taken")
        assert 'data-film-target="compare"' in shown(yard, "photo.taken", nth=1)

    def test_says_what_was_against_the_rules(self, yard: Yard) -> None:
        yard.open()
        yard.send(yard.sign_confirmation())
        assert "A photo was missing." in shown(yard, "step.confirmed")

    def test_takes_a_strange_number_for_the_first(self, yard: Yard) -> None:
        yard.finish()
        browser = yard.cast.browser("chen")
        first = browser.get(PAGE, headers={"hx-request": "true"}).content
        assert browser.get(f"{PAGE}?event=-7", headers={"hx-request": "true"}).content == first

    def test_does_not_exist_for_another_company(self, yard: Yard) -> None:
        yard.finish()
        assert yard.cast.browser("quentin").get(PAGE).status_code == 404

    def test_is_reached_from_the_job(self, yard: Yard) -> None:
        yard.finish()
        assert PAGE in yard.cast.browser("chen").get(f"/jobs/{RUN}/").content.decode()
