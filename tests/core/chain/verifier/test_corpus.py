import json
from pathlib import Path

import pytest

from tanghulu.core.chain.policy import parse_policy
from tests.vectors.packs.make import HERE, expected

CORPUS = json.loads((HERE / "expected.json").read_text())
TRUSTED = parse_policy((HERE / CORPUS["policy"]).read_bytes())
PINNED = parse_policy((HERE / CORPUS["pinned"]).read_bytes())


class TestCorpus:
    @pytest.mark.parametrize("name", sorted(CORPUS["packs"]))
    def test_is_judged_as_expected(self, name: str) -> None:
        pack = (HERE / f"{name}.zip").read_bytes()
        assert expected(pack, TRUSTED) == CORPUS["packs"][name]["with_policy"]
        assert expected(pack, PINNED) == CORPUS["packs"][name]["with_pinned_founders"]
        assert expected(pack, None) == CORPUS["packs"][name]["without_policy"]

    def test_has_an_answer_for_every_pack(self) -> None:
        assert {path.stem for path in HERE.glob("*.zip")} == set(CORPUS["packs"])

    def test_tells_a_founder_that_the_server_made_by_the_pins_alone(self) -> None:
        case = CORPUS["packs"]["founder_made_by_the_server"]
        assert case["with_pinned_founders"]["exit"] == 1
        assert case["with_pinned_founders"]["claims"]["WHO"]["codes"] == ["founder_not_in_policy"]

    def test_stays_small(self) -> None:
        assert sum(path.stat().st_size for path in Path(HERE).glob("*.zip")) < 1_250_000

    def test_never_proves_an_altered_pack(self) -> None:
        proven = {name for name, one in CORPUS["packs"].items() if one["with_policy"]["exit"] == 0}
        honest = {"good", "good_brief", "late_arrival", "sealed_again", "type_from_a_later_version"}
        refused = {"refused_photo", "refused_photo_not_kept"}
        never_came = {"photo_against_the_rules_never_came", "photo_against_the_rules_never_opened"}
        lost = {"revoked_after_the_run", "revoked_by_its_own_person"}
        assert proven == honest | refused | never_came | lost | {"acts_against_the_rules", "founder_made_by_the_server"}
        assert all(one["without_policy"]["exit"] != 0 for one in CORPUS["packs"].values())
