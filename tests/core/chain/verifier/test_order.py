from collections.abc import Iterable
from dataclasses import replace

import pytest

from tanghulu.core.chain.event import Event
from tanghulu.core.chain.verifier.order import ancestors, check_devices, check_links
from tanghulu.core.chain.verifier.report import Reason
from tests.support import stories

FIRST = stories.sealed().book.events(stories.RUN)[0]


def linked(**links: str) -> list[Event]:
    """Events named by letters, each with the letters that it follows; no real event can be on a cycle."""
    return [
        replace(FIRST, hash=name, prev_run=tuple(before), device=name, dseq=9, rseq=1) for name, before in links.items()
    ]


def codes(reasons: Iterable[Reason]) -> list[str]:
    return [reason.code for reason in reasons]


class TestCheckLinks:
    def test_takes_a_diamond(self) -> None:
        assert codes(check_links(linked(a="", b="a", c="a", d="bc"))) == []

    def test_does_not_mind_the_order_of_arrival(self) -> None:
        assert codes(check_links(linked(d="bc", c="a", b="a", a=""))) == []

    def test_finds_a_cycle_and_what_follows_it(self) -> None:
        assert codes(check_links(linked(a="", b="ad", c="b", d="c", e="d"))) == ["link_cycle"] * 4

    def test_finds_a_link_to_nowhere(self) -> None:
        assert codes(check_links(linked(a="", b="x"))) == ["link_missing"]


class TestAncestors:
    def test_follows_links_over_others(self) -> None:
        found = ancestors(linked(a="", b="a", c="b", d="a"))
        assert [found[name] for name in "abcd"] == [0b0, 0b1, 0b11, 0b1]


class TestCheckDevices:
    @pytest.mark.parametrize(
        ("later", "expected"),
        [
            ({"dseq": 10, "rseq": 2, "prev_device": "a", "mono_ms": 9}, []),
            ({"dseq": 12, "rseq": 2, "mono_ms": 9}, []),
            ({"dseq": 10, "rseq": 2, "prev_device": "x", "mono_ms": 9}, ["device_link_broken"]),
            ({"dseq": 9, "rseq": 2, "mono_ms": 9}, ["event_twice"]),
            ({"dseq": 12, "rseq": 1, "mono_ms": 9}, ["event_twice"]),
            (
                {"dseq": 8, "rseq": 2, "mono_ms": 9},
                ["device_order_broken", "device_order_broken", "device_link_broken", "clock_fell_back"],
            ),
            ({"dseq": 12, "rseq": 2, "mono_ms": 1}, ["clock_fell_back"]),
            ({"dseq": 12, "rseq": 2, "mono_ms": 1, "boot": "another"}, []),
            ({"dseq": 12, "rseq": 2, "mono_ms": 9, "prev_run": ()}, ["device_order_broken"]),
        ],
    )
    def test_compares_two_events_of_a_device(self, later: dict[str, object], expected: list[str]) -> None:
        first = replace(FIRST, hash="a", prev_run=(), dseq=9, rseq=1, mono_ms=5, boot="one")
        second = replace(first, hash="b", **{"prev_run": ("a",), **later})  # type: ignore[arg-type]
        assert codes(check_devices([first, second], [])) == expected

    def test_looks_at_enrolments_too(self) -> None:
        enrolled = replace(FIRST, hash="e", dseq=1, rseq=None, mono_ms=0)
        second = replace(FIRST, hash="b", dseq=2, prev_device="x")
        assert codes(check_devices([second], [enrolled])) == ["device_link_broken"]
