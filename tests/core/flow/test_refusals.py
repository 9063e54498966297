import pytest

from tanghulu.core.flow import refusal
from tests.support.flow_templates import ask, photo, reading, stage, step, template
from tests.support.play import Player, ref

LEAD, CREW, GUARDIAN, ELECTRICIAN = ref("lead-0"), ref("crew-0"), ref("guardian-0"), ref("electrician-0")
REASON = {"reason": "9" * 64}


def codes(player, kind, actor, data=None, **rest):
    return refusal(player.template, player.state, player.event(kind, actor, data, **rest))


def in_one(player, kind, actor=CREW, data=None, n=1, **rest):
    return codes(player, kind, actor, data, step="work/one", activation=n, **rest)


@pytest.fixture
def player():
    one = step(
        "one",
        photo=photo(),
        reading=reading(at_most=1, points=["top"], instrument=True),
        register={"tools": "both", "isolation": "both"},
        ask={"sure": ask(must="yes")},
    )
    unlock = step("unlock", register={"isolation": "out"})
    player = Player(template(stage("work", one), stage("after", unlock, leaves=True)))
    player.open()
    return player


class TestWhoMayState:
    def test_lets_no_machine_act(self, player):
        assert in_one(player, "step.confirmed", "server") == ["machine_cannot_act"]
        assert codes(player, "decision.made", "server") == ["machine_cannot_act"]

    def test_lets_no_person_state_the_servers_facts(self, player):
        assert codes(player, "photo.stored", CREW, {"commitment": "x"}) == ["type_not_allowed"]
        assert codes(player, "timer.fired", LEAD, {"timer": "expiry"}) == ["type_not_allowed"]

    def test_refuses_nothing_that_the_server_states_in_its_form(self, player):
        assert codes(player, "timer.fired", "server", {"timer": "nonsense"}) == []
        assert codes(player, "timer.fired", "server", {}) == ["data_malformed"]


class TestOpening:
    def test_happens_once(self, player):
        assert codes(player, "run.opened", LEAD, player.events[0]["data"]) == ["run_already_open"]

    def test_comes_first(self, player):
        new = Player(player.template)
        assert codes(new, "run.stopped", LEAD) == ["run_not_open"]

    def test_asks_for_the_equipment(self):
        new = Player(template(stage("work", step("one")), subject={"equipment": "conveyor"}))
        data = {"template": new.template.slug, "version": new.template.version, "subject": {}, "people": new.cast}
        assert codes(new, "run.opened", LEAD, data) == ["subject_missing"]
        assert codes(new, "run.opened", LEAD, {**data, "subject": {"equipment": ref("c3")}}) == []

    def test_names_this_very_version(self, player):
        new = Player(player.template)
        data = {**player.events[0]["data"], "version": "0" * 64}
        assert codes(new, "run.opened", LEAD, data) == ["template_differs"]


class TestStopping:
    def test_is_free_to_everybody_who_is_known(self, player):
        assert codes(player, "run.stopped", CREW) == []
        assert codes(player, "run.stopped", ref("stranger")) == ["person_unknown"]

    def test_lets_only_a_lead_go_on_and_with_a_reason(self, player):
        assert codes(player, "run.resumed", LEAD, commitments=REASON) == ["run_not_stopped"]
        player.act("run.stopped", CREW)
        assert in_one(player, "step.confirmed") == ["run_stopped"]
        assert codes(player, "run.resumed", CREW, commitments=REASON) == ["not_your_part"]
        assert codes(player, "run.resumed", LEAD) == ["reason_missing"]
        assert codes(player, "run.resumed", LEAD, commitments=REASON) == []

    def test_still_lets_people_out_and_others_be_named(self, player):
        player.in_step("register.entered", CREW, "work/one", {"register": "tools", "item": "bar"})
        player.act("run.stopped", CREW)
        assert codes(player, "register.left", ELECTRICIAN, {"register": "tools", "item": "bar"}) == []
        assert codes(player, "people.assigned", LEAD, {"part": "guardian", "members": [ref("new")]}) == []


class TestAbandoning:
    def test_happens_once(self, player):
        player.in_step("register.entered", CREW, "work/one", {"register": "tools", "item": "bar"})
        player.act("run.abandoned", LEAD, commitments=REASON)
        assert codes(player, "run.abandoned", LEAD, commitments=REASON) == ["already_leaving"]
        assert in_one(player, "step.confirmed") == ["step_void"]

    def test_ends_everything_when_nobody_is_inside(self, player):
        player.act("run.abandoned", LEAD, commitments=REASON)
        assert in_one(player, "step.confirmed") == ["run_ended"]


class TestAStep:
    def test_is_known_and_open(self, player):
        assert codes(player, "step.confirmed", CREW, step="work/none", activation=1) == ["step_unknown"]
        assert in_one(player, "step.confirmed", n=2) == ["step_not_open"]

    def test_is_for_those_whose_task_it_is(self, player):
        assert in_one(player, "step.confirmed", GUARDIAN) == ["not_your_task"]

    def test_lists_all_that_is_missing_at_once(self, player):
        assert in_one(player, "step.confirmed") == ["answer_missing", "photo_missing", "reading_missing"]

    def test_is_not_decided_where_nothing_is_to_be_decided(self, player):
        data = {"verdict": "ok", "saw": ["1" * 64]}
        assert in_one(player, "decision.made", data=data) == ["no_decision_here"]

    def test_takes_each_photo_for_its_slot_and_once(self, player):
        shot = {"slot": "shot", "commitment": "a" * 64}
        assert in_one(player, "photo.taken", data={"slot": "other"}, photos=[shot]) == ["slot_unknown"]
        player.photo(CREW, "work/one", "shot")
        known = player.state["steps"]["work/one"][0]["photos"][0]["commitment"]
        again = in_one(player, "photo.taken", data={"slot": "shot"}, photos=[{**shot, "commitment": known}])
        assert again == ["photo_twice"]

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"reading": "noise"}, "reading_unknown"),
            ({"unit": "ppm"}, "unit_differs"),
            ({"point": "low"}, "point_unknown"),
            ({"instrument": ""}, "instrument_missing"),
            ({"sampled_at": "2030-01-01T00:00:00.000Z"}, "sampled_later"),
        ],
    )
    def test_takes_a_reading_as_the_template_asks(self, player, change, code):
        data = {
            "reading": "gas",
            "value": "9",
            "unit": "% vol",
            "point": "top",
            "instrument": "m",
            "sampled_at": player.now,
        }
        assert in_one(player, "reading.taken", data=data) == []
        assert in_one(player, "reading.taken", data={**data, **change}) == [code]

    def test_lets_a_lock_come_off_by_its_owner_only(self, player):
        player.act("people.assigned", LEAD, {"part": "crew", "members": [CREW, ref("crew-1")]})
        player.server("people.resolved", {"member": ref("crew-1"), "roles": ["worker"], "certificates": {}})
        lock = {"register": "isolation", "item": "L1"}
        assert in_one(player, "register.entered", data={**lock, "holder": GUARDIAN}) == ["holder_differs"]
        player.in_step("register.entered", CREW, "work/one", {**lock, "holder": CREW})
        assert in_one(player, "register.entered", data={**lock, "holder": CREW}) == ["already_in"]
        assert in_one(player, "register.left", ref("crew-1"), lock) == ["not_your_lock"]
        assert codes(player, "register.left", CREW, lock) == ["register_not_here"]
        assert in_one(player, "register.left", CREW, lock) == []


class TestAssigning:
    def test_takes_nobody_off_whose_lock_is_on(self, player):
        lock = {"register": "isolation", "item": "L1"}
        player.in_step("register.entered", CREW, "work/one", {**lock, "holder": CREW})
        other = {"part": "crew", "members": [ref("crew-1")]}
        assert codes(player, "people.assigned", LEAD, other) == ["lock_still_on"]
        both = {"part": "crew", "members": [ref("crew-1"), CREW]}
        assert codes(player, "people.assigned", LEAD, both) == []
        player.in_step("register.left", CREW, "work/one", lock)
        assert codes(player, "people.assigned", LEAD, other) == []

    def test_lets_somebody_with_a_lock_on_leave_a_part_that_takes_none_off(self, player):
        player.act("people.assigned", LEAD, {"part": "electrician", "members": [CREW]})
        lock = {"register": "isolation", "item": "L1", "holder": CREW}
        player.in_step("register.entered", CREW, "work/one", lock)
        assert codes(player, "people.assigned", LEAD, {"part": "electrician", "members": [ELECTRICIAN]}) == []


class TestTooEarly:
    def test_holds_until_the_time_or_the_servers_word(self):
        player = Player(template(stage("work", step("one", not_before="10 min"))))
        player.open()
        assert in_one(player, "step.confirmed") == ["too_early"]
        player.server("timer.fired", {"timer": "not_before:work/one:1"})
        assert in_one(player, "step.confirmed") == []
