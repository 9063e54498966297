from datetime import timedelta

from tanghulu.apps.notices import actions, queries
from tanghulu.apps.tenancy import scope
from tests.support.cast import NOON, Cast

RUN, OTHER = "a" * 32, "b" * 32


def tell(cast: Cast, *names: str, item: int = 1, about: str = RUN, minutes: int = 0) -> None:
    members = [cast[name].member for name in names]
    at = NOON + timedelta(minutes=minutes)
    actions.notify(cast["chen"], members=members, kind="mention", about=about, item=item, at=at)


class TestNotify:
    def test_tells_each_once(self, at_harbour: Cast) -> None:
        tell(at_harbour, "wen", "wen", "zhao")
        tell(at_harbour, "wen")
        assert [queries.unread(at_harbour[name]) for name in ("wen", "zhao", "vera")] == [1, 1, 0]

    def test_tells_nobody_of_what_they_did_themselves(self, at_harbour: Cast) -> None:
        tell(at_harbour, "chen")
        assert queries.unread(at_harbour["chen"]) == 0

    def test_tells_nobody_in_another_company(self, cast: Cast) -> None:
        with scope.within("harbour"):
            tell(cast, "quentin")
        with scope.within("quarry"):
            assert queries.unread(cast["quentin"]) == 0


class TestNotices:
    def test_come_newest_first(self, at_harbour: Cast) -> None:
        tell(at_harbour, "wen", item=1)
        tell(at_harbour, "wen", item=2, minutes=1)
        assert [(told.item, told.by) for told in queries.notices(at_harbour["wen"])] == [
            (2, at_harbour["chen"].member),
            (1, at_harbour["chen"].member),
        ]


class TestRead:
    def test_is_noted_of_one_job(self, at_harbour: Cast) -> None:
        tell(at_harbour, "wen", item=1)
        tell(at_harbour, "wen", item=2, about=OTHER)
        actions.read(at_harbour["wen"], at=NOON, about=RUN)
        assert [told.is_read for told in queries.notices(at_harbour["wen"]) if told.about == RUN] == [True]
        assert queries.unread(at_harbour["wen"]) == 1

    def test_is_noted_of_all_and_of_nobody_else(self, at_harbour: Cast) -> None:
        tell(at_harbour, "wen", "zhao")
        actions.read(at_harbour["wen"], at=NOON)
        assert [queries.unread(at_harbour[name]) for name in ("wen", "zhao")] == [0, 1]


class TestWithdraw:
    def test_takes_back_what_was_told(self, at_harbour: Cast) -> None:
        tell(at_harbour, "wen", item=1)
        tell(at_harbour, "wen", item=2)
        actions.withdraw(at_harbour["chen"], kind="mention", item=1)
        assert [told.item for told in queries.notices(at_harbour["wen"])] == [2]
