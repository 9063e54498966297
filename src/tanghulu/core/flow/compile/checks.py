"""What a template of the right shape may still have wrong: duties, registers, ways through, times and returns."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from tanghulu.core.access import Role
from tanghulu.core.flow.compile.places import Places, Raw, Standing
from tanghulu.core.flow.compile.problems import Spot

_ROLES = frozenset(Role)
_PHOTOS_OF_A_SLOT = 50


def check(places: Places) -> None:
    """Note everything that makes a version unable to work."""
    _check_people(places)
    _check_stages(places)
    _check_order(places, places.document, "order")
    for step in places.steps.values():
        _check_who(places, step)
        _check_registers(places, step)
        _check_slots(places, step)
        _check_questions(places, step)
        _check_decision(places, step)
        _check_times(places, step)
        _check_order(places, step.node, f"{step.path}/order")
    for repeat in places.repeats.values():
        _check_repeat(places, repeat)
    _check_locks(places)


def _check_people(places: Places) -> None:
    document, findings = places.document, places.findings
    people = document["people"]
    for role in document["opened_by"]:
        if role not in _ROLES:
            findings.add("template_unknown_role", places.spot(document["opened_by"], "opened_by"), role)
    if not document["leads"]:
        findings.add("template_no_lead", places.spot(document["leads"], "leads"))
    _check_parts(places, document["leads"], places.spot(document["leads"], "leads"))
    for name, part in people.items():
        spot = places.spot(part, f"people/{name}")
        for role in part["roles"]:
            if role not in _ROLES:
                findings.add("template_unknown_role", spot, role)
        least, most = part["count"]
        if least > most:
            findings.add("template_bad_value", spot, f"{least}..{most}")
        _check_parts(places, part["not_same_as"], spot)
        if name in part["not_same_as"]:
            findings.add("template_same_person", spot, name)


def _check_parts(places: Places, parts: Iterable[str], spot: Spot) -> None:
    for part in parts:
        if part not in places.document["people"]:
            places.findings.add("template_unknown_part", spot, part)


def _check_stages(places: Places) -> None:
    is_exit = False
    for stage in places.document["stages"]:
        spot = places.spot(stage, stage["stage"])
        if is_exit and not stage["exit"]:
            places.findings.add("template_bad_exit", spot, stage["stage"])
        is_exit = is_exit or stage["exit"]
        if may_be_empty(stage["do"]):
            places.findings.add("template_empty", spot, stage["stage"])


def _check_order(places: Places, holder: Raw, fallback: str) -> None:
    for table, names in (holder.get("order") or {}).items():
        if names is not None and sorted(names) != sorted(holder[table]):
            places.findings.add("template_bad_value", places.spot(holder.get("order"), fallback), f"order of {table}")


def may_be_empty(nodes: list[Raw]) -> bool:
    """Say whether there is a way through these nodes without a step."""
    return all(_may_be_empty(node) for node in nodes)


def _may_be_empty(node: Raw) -> bool:
    if node["node"] == "step":
        return False
    if node["node"] == "choice":
        return may_be_empty(node["otherwise"]) or any(may_be_empty(option["do"]) for option in node["options"])
    return may_be_empty(node["do"])


def _check_who(places: Places, step: Standing) -> None:
    who = step.node["who"]
    spot = places.spot(who, f"{step.path}/who")
    _check_parts(places, who["parts"], spot)
    if who["each"] and (len(who["parts"]) != 1 or who["policy"] != "all"):
        places.findings.add("template_bad_value", spot, "each_of takes one part")
    if "newcomers" in who and not who["each"]:
        places.findings.add("template_bad_value", spot, "newcomers are those of each_of")
    if len(set(who["parts"])) != len(who["parts"]):
        places.findings.add("template_same_person", spot, ", ".join(who["parts"]))


def _check_registers(places: Places, step: Standing) -> None:
    known, findings = places.document["registers"], places.findings
    for name, use in step.node["register"].items():
        spot = places.spot(use, f"{step.path}/register/{name}")
        if name not in known:
            findings.add("template_unknown_register", spot, name)
        if use["act"] == "out" and use["at_least"]:
            findings.add("template_bad_value", spot, "at_least of what comes out")
    spot = places.spot(step.node["must"], f"{step.path}/must")
    for must in step.node["must"]:
        if must["is"] == "sampled_within":
            continue
        if must["register"] not in known:
            findings.add("template_unknown_register", spot, must["register"])
        if must["is"] == "one_each":
            _check_parts(places, [must["part"]], spot)


def _check_slots(places: Places, step: Standing) -> None:
    for name, slot in step.node["photos"].items():
        who = step.node["who"]
        part = places.document["people"].get(who["parts"][0])
        times = part["count"][1] if who["each"] and part else 1
        if slot["count"] * times > _PHOTOS_OF_A_SLOT:
            spot = places.spot(slot, f"{step.path}/photos/{name}")
            places.findings.add("template_bad_value", spot, f"more than {_PHOTOS_OF_A_SLOT} photos")
    for name, reading in step.node["readings"].items():
        spot = places.spot(reading, f"{step.path}/readings/{name}")
        if len(set(reading["points"])) != len(reading["points"]):
            places.findings.add("template_duplicate_id", spot, name)
        limits = "at_most" in reading and "at_least" in reading
        if limits and Decimal(reading["at_least"]) > Decimal(reading["at_most"]):
            places.findings.add("template_bad_value", spot, f"{reading['at_least']} to {reading['at_most']}")


def _check_questions(places: Places, step: Standing) -> None:
    for name, ask in step.node["ask"].items():
        spot = places.spot(ask, f"{step.path}/ask/{name}")
        options = [option["id"] for option in ask["options"]]
        if len(set(options)) != len(options):
            places.findings.add("template_duplicate_id", spot, name)
        if bool(options) is not (ask["kind"] == "choice"):
            places.findings.add("template_bad_value", spot, "options are for a choice")
        if "must" in ask and not _can_be(ask, options):
            places.findings.add("template_bad_value", spot, ask["must"])


def _can_be(ask: Raw, options: list[str]) -> bool:
    must = ask["must"]
    if ask["kind"] == "yes_no":
        return isinstance(must, bool)
    return must in options if ask["kind"] == "choice" else isinstance(must, str) and _is_number(must)


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdigit()


def _check_decision(places: Places, step: Standing) -> None:
    decision = step.node.get("decision")
    if decision is None:
        return
    spot = places.spot(decision, f"{step.path}/decision")
    verdicts = decision["verdicts"]
    if "ok" not in verdicts or len(set(verdicts)) != len(verdicts):
        places.findings.add("template_bad_value", spot, ", ".join(verdicts))
    if ("back" in verdicts) is not bool(decision["back_to"]):
        places.findings.add("template_bad_return", spot, "back and back_to go together")
    if step.node["ask"] or step.node["who"]["each"]:
        places.findings.add("template_bad_value", spot, "a decision asks nothing, and is not made by each")


def _check_times(places: Places, step: Standing) -> None:
    wait, due = step.node.get("not_before"), step.node.get("due")
    expiry = places.document.get("expires_after")
    spot = places.spot(wait, step.path) if wait else places.spot(step.node, step.path)
    if wait and expiry is not None and wait["wait"] >= expiry:
        places.findings.add("template_impossible_time", spot, "waits beyond the end of the job")
    if wait and due is not None and "after" not in wait and due < wait["wait"]:
        places.findings.add("template_impossible_time", spot, "due before it can be done")


def _check_repeat(places: Places, repeat: Standing) -> None:
    node = repeat.node
    spot = places.spot(node, repeat.path)
    _check_parts(places, node["until"].get("ended_by", ()), spot)
    if may_be_empty(node["do"]):
        places.findings.add("template_empty", spot, node["id"])
    if "at_most" in node and node["at_most"] < node["at_least"]:
        places.findings.add("template_bad_value", spot, f"{node['at_least']} to {node['at_most']}")


def _check_locks(places: Places) -> None:
    for name, register in places.document["registers"].items():
        _check_absent_owner(places, name, register)
        if register["kind"] != "locks":
            continue
        using = [step for step in places.steps.values() if name in step.node["register"]]
        uses = [(step, step.node["register"][name]["act"]) for step in using]
        last_out = max((step.order for step, act in uses if step.exit and act != "in"), default=-1)
        for step, act in uses:
            if act != "out" and step.order > last_out:
                spot = places.spot(step.node["register"][name], f"{step.path}/register/{name}")
                places.findings.add("template_lock_never_removed", spot, name)


def _check_absent_owner(places: Places, name: str, register: Raw) -> None:
    exception = register.get("absent_owner")
    if exception is None:
        return
    spot = places.spot(register, f"registers/{name}")
    if register["kind"] != "locks":
        places.findings.add("template_bad_value", spot, "absent_owner of what is no lock")
    _check_parts(places, exception["decided_by"], spot)
