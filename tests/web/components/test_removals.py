from dataclasses import replace

import pytest
from django.utils import translation

from tanghulu.web.components.removals import removals_of
from tanghulu.web.components.steps import Telling
from tests.support import example_job as example

CONFIRMED = ["not_on_site", "told_before_return", "tried_to_reach"]


def told(language="en", **changes):
    last = example.HAPPENINGS[6]
    payload = {**last.payload, "type": "lock.removed", "actor": "chen", "data": {"confirmed": CONFIRMED, **changes}}
    happening = replace(last, hash="ee" * 32, payload=payload, opened={"reason": "in hospital"}, codes=())
    (lock,) = example.STATE["registers"]["isolation"]
    gone = {**lock, "out_at": example.said(40), "out_by": "chen", "exception": happening.hash}
    registers = {**example.STATE["registers"], "isolation": [gone, {**lock, "item": "0232"}]}
    job = example.job(state=example.state(registers=registers), happenings=[*example.HAPPENINGS, happening])
    with translation.override(language):
        return removals_of(Telling(job, language))


class TestRemovalsOf:
    def test_says_whose_lock_who_decided_and_why(self):
        (removal,) = told()
        assert (removal.lock, removal.owner, removal.act.who, removal.reason) == (
            "0231",
            "王维",
            "陈静",
            "in hospital",
        )

    @pytest.mark.parametrize(("language", "first"), [("en", "It was verified"), ("zh-hans", "已核实锁主不在现场。")])
    def test_says_what_was_confirmed_in_the_order_in_which_it_was_asked(self, language, first):
        (removal,) = told(language)
        assert len(removal.statements) == 3
        assert removal.statements[0].startswith(first)

    def test_claims_nothing_that_was_not_said(self):
        (removal,) = told(confirmed=["tried_to_reach"])
        assert removal.statements == ("Everything was done to reach the owner.",)

    def test_is_empty_where_everybody_took_off_his_own(self):
        assert removals_of(Telling(example.JOB, "en")) == ()
