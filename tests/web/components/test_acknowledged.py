from dataclasses import replace

from django.utils import translation

from tanghulu.web.components.acknowledged import acknowledged_by, hand_overs, not_seen
from tanghulu.web.components.job import build_job
from tanghulu.web.components.steps import Telling
from tests.support import example_job as example


def happened(number, kind, actor, data, **opened):
    first = example.HAPPENINGS[0]
    payload = {**first.payload, "type": kind, "actor": actor, "data": data}
    return replace(first, hash=f"{number:064d}", payload=payload, opened=opened)


OPENED = happened(1, "run.opened", "zhao", {"people": {"guardian": ["vera"], "crew": ["wen", "li"]}})
CHANGED = happened(2, "people.assigned", "zhao", {"part": "guardian", "members": ["li"]}, reason="ill")
STOPPED = happened(3, "run.stopped", "zhao", {})
TAKEN = happened(4, "act.acknowledged", "li", {"about": CHANGED.hash})
GIVEN = happened(5, "act.acknowledged", "vera", {"about": CHANGED.hash})
SEEN = happened(6, "act.acknowledged", "wen", {"about": STOPPED.hash})


def telling(*happenings, **state):
    return Telling(example.job(happenings=list(happenings), state=example.state(**state)), "en")


class TestHandOvers:
    def test_say_who_went_who_came_why_and_who_has_not_confirmed(self):
        [over] = hand_overs(telling(OPENED, CHANGED, TAKEN))
        assert (over.gone, over.came, over.reason, over.waits) == (("魏娜",), ("李强",), "ill", ("魏娜",))

    def test_are_confirmed_when_both_have_said_so(self):
        assert [over.waits for over in hand_overs(telling(OPENED, CHANGED, TAKEN, GIVEN))] == [()]

    def test_leave_out_what_the_rules_did_not_allow(self):
        against = [{"event": CHANGED.hash, "codes": ["not_your_part"]}]
        assert list(hand_overs(telling(OPENED, CHANGED, contradictions=against))) == []


class TestAcknowledgedBy:
    def test_names_each_person_once(self):
        assert acknowledged_by(telling(STOPPED, SEEN, SEEN), STOPPED.hash) == ("wen",)

    def test_does_not_mix_one_act_with_another(self):
        assert acknowledged_by(telling(STOPPED, SEEN), CHANGED.hash) == ()


class TestNotSeen:
    def test_is_everybody_with_a_part_who_neither_did_it_nor_answered(self):
        people = {"lead": ["zhao"], "crew": ["wen", "li"], "electrician": ["li"]}
        assert not_seen(telling(STOPPED, SEEN, people=people), STOPPED.hash, by="zhao") == ("li",)


class TestStop:
    def test_says_who_has_seen_it_and_who_has_not(self):
        people = {"lead": ["zhao"], "crew": ["wen", "li"]}
        job = example.job(happenings=[OPENED, STOPPED, SEEN], state=example.state(status="stopped", people=people))
        with translation.override("en"):
            stop = build_job(job, language="en", now=example.OPENED, step="", photo=1, reader="wen").stop
        assert (stop.seen, stop.unseen) == ("王维", "李强")
