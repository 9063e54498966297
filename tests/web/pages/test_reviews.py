from tanghulu.apps.jobs.models import RunMember
from tanghulu.apps.tenancy import scope
from tests.support.cast import Cast
from tests.web.pages.test_jobs import PAGE, REF, REVIEW, play

QUEUE = "/reviews/"
HERE = f"{PAGE}review/"


def waits(cast: Cast, until: str = REVIEW) -> None:
    """A job in which Chen has to decide as soon as it has come to its review."""
    run = play(cast, until)
    with scope.within("harbour"):
        RunMember.objects.create(run=run, member=cast["chen"].member)


def text(cast: Cast, username: str, address: str) -> str:
    return str(cast.browser(username).get(address).content.decode())


class TestReviews:
    def test_lists_what_waits_for_the_reader(self, cast: Cast) -> None:
        waits(cast)
        page = text(cast, "chen", QUEUE)
        assert f'href="{HERE}"' in page
        assert "Quality review" in page

    def test_lists_nothing_that_waits_for_others(self, cast: Cast) -> None:
        waits(cast)
        for username in ("zhao", "quentin"):
            page = text(cast, username, QUEUE)
            assert REF not in page
            assert "Nothing waits for you." in page

    def test_lists_no_job_that_has_not_come_so_far(self, cast: Cast) -> None:
        waits(cast, "during/work/patrol/look")
        assert "Nothing waits for you." in text(cast, "chen", QUEUE)


class TestReview:
    def test_has_the_form_and_a_frame_for_every_picture(self, cast: Cast) -> None:
        waits(cast)
        page = text(cast, "chen", HERE)
        assert f'data-review-step-value="{REVIEW}"' in page
        assert 'value="ok" required data-review-target="verdict" disabled' in page
        assert page.count('data-inspect-target="frame"') == page.count('data-inspect-target="dot"') > 20

    def test_tells_others_for_whom_it_waits(self, cast: Cast) -> None:
        waits(cast)
        page = text(cast, "vera", HERE)
        assert "Waiting for a decision of 陈静." in page
        assert 'name="verdict"' not in page

    def test_says_when_nothing_is_to_be_decided(self, cast: Cast) -> None:
        waits(cast, "during/work/patrol/look")
        assert "No decision is asked for" in text(cast, "chen", HERE)

    def test_does_not_exist_for_another_company(self, cast: Cast) -> None:
        waits(cast)
        assert cast.browser("quentin").get(HERE).status_code == 404
