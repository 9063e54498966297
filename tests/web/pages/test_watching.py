from tests.support.cast import Cast
from tests.web.pages.test_jobs import REF, play


class TestWall:
    def test_shows_what_goes_on_in_the_dark(self, cast: Cast) -> None:
        play(cast, "during/work/patrol/look")
        page = cast.browser("vera").get("/jobs/wall/").content.decode()
        assert 'data-theme="dark"' in page
        assert "skewer-small" in page
        assert "Belt-conveyor maintenance" in page

    def test_is_calm_where_nothing_goes_on(self, cast: Cast) -> None:
        assert "No job is going on." in cast.browser("vera").get("/jobs/wall/").content.decode()


class TestInside:
    def test_names_everybody_inside_and_counts_them(self, cast: Cast) -> None:
        run = play(cast, "during/work/patrol/look")
        page = cast.browser("vera").get("/jobs/inside/").content.decode()
        assert f"/jobs/{REF}/" in page
        assert run.inside
        assert page.count('class="inside-name"') == run.inside

    def test_says_that_nobody_is(self, cast: Cast) -> None:
        assert "Nobody is inside." in cast.browser("vera").get("/jobs/inside/").content.decode()

    def test_is_there_for_programs(self, cast: Cast) -> None:
        run = play(cast, "during/work/patrol/look")
        assert cast.phone("vera").get("/api/v1/inside").json()["count"] == run.inside
        assert cast.phone("quentin").get("/api/v1/inside").json() == {"count": 0, "jobs": []}


class TestSearchPage:
    def test_says_what_can_be_searched(self, cast: Cast) -> None:
        assert "Several words must all fit." in cast.browser("wen").get("/search/").content.decode()

    def test_leads_to_a_persons_jobs_but_not_to_a_page_that_is_closed(self, cast: Cast) -> None:
        play(cast, "during/work/patrol/look")
        ref = cast["wen"].member
        page = cast.browser("wen").get("/search/?q=王维").content.decode()
        assert f"person={ref}" in page
        assert f"/people/{ref}/" not in page
        assert f"/people/{ref}/" in cast.browser("chen").get("/search/?q=王维").content.decode()

    def test_finds_jobs_by_a_step_of_their_process(self, cast: Cast) -> None:
        play(cast, "during/work/patrol/look")
        assert f"/jobs/{REF}/" in cast.browser("wen").get("/search/?q=巡检").content.decode()

    def test_does_not_stumble(self, cast: Cast) -> None:
        for text in ("'", "%22%20OR", "*", "((", "x" * 300):
            assert cast.browser("wen").get(f"/search/?q={text}").status_code == 200
