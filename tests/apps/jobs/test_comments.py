import pytest

from tanghulu.apps.directory.models import Member, MemberRole
from tanghulu.apps.jobs import actions, queries
from tanghulu.apps.jobs.models import Comment, Run
from tanghulu.apps.notices import queries as notices
from tanghulu.core.access import Actor
from tanghulu.core.errors import Invalid, NotAllowed, NotFound
from tanghulu.core.flow import new_state, state_to_json
from tests.support.cast import NOON, Cast

RUN = "a" * 32


@pytest.fixture
def job(at_harbour: Cast) -> Cast:
    """Harbour with a job, of a process that is not known."""
    Run.objects.create(ref=RUN, status="open", state=state_to_json(new_state()), changed_at=NOON)
    return at_harbour


def say(cast: Cast, text: str, *, who: str = "chen", step: str = "") -> int:
    return actions.comment(cast[who], run=RUN, text=text, step=step, at=NOON)


def told(cast: Cast, *names: str) -> list[int]:
    return [notices.unread(cast[name]) for name in names]


class TestComment:
    def test_keeps_lines_and_drops_needless_blanks(self, job: Cast) -> None:
        say(job, "  look   here \r\n\n and there\0 ")
        assert queries.comments(job["vera"], run=RUN)[0].text == "look here\n\nand there"

    def test_tells_whom_it_mentions(self, job: Cast) -> None:
        say(job, "@王维 please, and ＠赵刚锁不对")
        assert told(job, "wen", "zhao", "vera") == [1, 1, 0]
        assert set(queries.comments(job["vera"], run=RUN)[0].mentions) == {"@王维", "＠赵刚"}

    def test_tells_one_of_two_of_the_same_name_by_number(self, job: Cast) -> None:
        Member.objects.filter(ref=job["li"].member).update(name="王维", number="77")
        say(job, "@王维#77 only you")
        assert told(job, "wen", "li") == [0, 1]
        say(job, "@王维 both of you")
        assert told(job, "wen", "li") == [1, 2]

    def test_prefers_the_longest_name_that_fits(self, job: Cast) -> None:
        Member.objects.filter(ref=job["li"].member).update(name="王维一")
        say(job, "@王维一号锁")
        assert told(job, "wen", "li") == [0, 1]

    def test_tells_nobody_who_has_left_or_is_not_there(self, job: Cast) -> None:
        Member.objects.filter(ref=job["wen"].member).update(active=False)
        say(job, "@王维 @nobody a@b @")
        assert told(job, "wen") == [0]

    def test_tells_and_offers_nobody_who_may_not_read_jobs(self, job: Cast) -> None:
        MemberRole.objects.filter(member__ref=job["wen"].member).delete()
        say(job, "@王维 look")
        assert notices.unread(Actor("harbour", job["wen"].member, job["vera"].roles)) == 0
        assert queries.to_mention(job["vera"], word="王维") == []

    def test_may_come_from_a_machine(self, job: Cast) -> None:
        actions.comment(Actor.operator("harbour"), run=RUN, text="@赵刚 the photo is dark", at=NOON)
        assert queries.comments(job["vera"], run=RUN)[0].author == ""
        assert told(job, "zhao") == [1]

    def test_is_refused_without_words_and_with_too_many(self, job: Cast) -> None:
        for text, code in ((" \n ", "text_missing"), ("x" * 2001, "text_too_long")):
            with pytest.raises(Invalid, match=code):
                say(job, text)

    def test_is_refused_about_what_is_not_there(self, job: Cast) -> None:
        with pytest.raises(NotFound, match="step_not_found"):
            say(job, "here", step="before/nowhere")
        with pytest.raises(NotFound, match="run_not_found"):
            actions.comment(job["chen"], run="b" * 32, text="here", at=NOON)

    def test_is_not_for_auditors(self, job: Cast) -> None:
        with pytest.raises(NotAllowed):
            say(job, "here", who="wu")


class TestEraseComment:
    def test_destroys_the_words_and_what_was_told_of_them(self, job: Cast) -> None:
        number = say(job, "@王维 secret", who="vera")
        for _again in range(2):
            actions.erase_comment(job["vera"], run=RUN, number=number, at=NOON)
        row = Comment.objects.get(pk=number)
        assert (row.text, row.mentions, row.author) == ("", [], job["vera"].member)
        assert queries.comments(job["wen"], run=RUN)[0].is_erased
        assert told(job, "wen") == [0]

    def test_is_for_the_author_and_for_those_who_may(self, job: Cast) -> None:
        number = say(job, "words", who="vera")
        with pytest.raises(NotAllowed):
            actions.erase_comment(job["wen"], run=RUN, number=number, at=NOON)
        actions.erase_comment(job["chen"], run=RUN, number=number, at=NOON)
        assert queries.comments(job["wen"], run=RUN)[0].is_erased

    def test_does_not_know_what_is_not_there(self, job: Cast) -> None:
        number = say(job, "words")
        for run, asked in ((RUN, number + 1), ("b" * 32, number)):
            with pytest.raises(NotFound, match="comment_not_found"):
                actions.erase_comment(job["chen"], run=run, number=asked, at=NOON)
