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


OTHER = "b" * 32


class TestPair:
    def page(self, yard: Yard, address: str, *, who: str = "chen") -> str:
        answer = yard.cast.browser(who).get(address)
        assert answer.status_code == 200
        return str(answer.content.decode())

    def test_offers_jobs_of_the_same_process(self, yard: Yard) -> None:
        yard.finish()
        assert "There is no other job" in self.page(yard, f"{PAGE}?with=")
        yard.open(run=OTHER)
        page = self.page(yard, f"{PAGE}?with=")
        assert f"?with={OTHER}" in page
        assert "same process" in page
        assert ">same machine<" not in page

    def test_shows_the_same_step_of_both(self, yard: Yard) -> None:
        yard.finish()
        yard.open(run=OTHER)
        page = self.page(yard, f"{PAGE}?with={OTHER}")
        assert page.count("/1600.jpg") == 2  # the link and the picture of the one that has a photo
        assert "B: no photo here" in page

    def test_gives_a_script_the_pair_alone(self, yard: Yard) -> None:
        yard.finish()
        yard.open(run=OTHER)
        answer = yard.cast.browser("chen").get(f"{PAGE}?with={OTHER}", headers={"hx-request": "true"})
        assert "<html" not in answer.content.decode()

    def test_does_not_exist_with_a_job_that_does_not(self, yard: Yard) -> None:
        yard.finish()
        assert yard.cast.browser("chen").get(f"{PAGE}?with={OTHER}").status_code == 404

    def test_does_not_exist_for_another_company(self, yard: Yard) -> None:
        yard.finish()
        yard.open(run=OTHER)
        for address in (f"{PAGE}?with=", f"{PAGE}?with={OTHER}"):
            assert yard.cast.browser("quentin").get(address).status_code == 404
