import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanghulu.core.chain.note import COSIGNATURE_ED25519, note_key, verifier_key
from tanghulu.core.chain.policy import Policy, parse_policy
from tanghulu.core.chain.verifier import Claim, Kind, Report, Verdict, verify_pack
from tanghulu.core.chain.verifier.report import MAX_REASONS
from tanghulu.core.errors import Invalid
from tests.support import stories, zips
from tests.support.altered import ALTERED, Altered, good_pack, pinned_policy, policy
from tests.support.altered.registry import good
from tests.support.log_book import LogBook, ref

TRUSTED = parse_policy(policy())
WITNESS = verifier_key("witness.example", note_key("w", b"w" * 32).verifier.public, kind=COSIGNATURE_ED25519)


def verified(pack: bytes, trusted: Policy | None = TRUSTED) -> Report:
    return verify_pack(pack, trusted)


def exit_of(pack: bytes) -> int:
    try:
        return verified(pack).exit_code
    except Invalid:
        return 2


def verdicts(report: Report) -> dict[str, str]:
    return {claim.value: finding.verdict.value for claim, finding in report.findings.items()}


class TestVerifyPack:
    def test_proves_a_good_pack(self) -> None:
        report = verified(good_pack())
        assert report.exit_code == 0
        assert verdicts(report) == {
            "INTEGRITY": "PASS",
            "ORDER": "PASS",
            "COMPLETENESS": "PASS",
            "WHO": "PASS",
            "WHEN": "NOT PROVEN",
            "UNIQUE": "NOT PROVEN",
        }
        assert (report.events, report.photos, report.size, report.tenant) == (11, 2, 16, "harbour")

    def test_names_the_people(self) -> None:
        report = verified(good_pack())
        assert {(one.ref, one.name, one.assurance) for one in report.people} == {
            (ref("wen"), "Wen", "webcrypto"),
            (ref("vera"), "Vera", "webcrypto"),
        }

    def test_trusts_nobody_without_a_policy(self) -> None:
        report = verified(good_pack(), None)
        assert report.exit_code == 3
        assert report.findings[Claim.INTEGRITY].verdict is Verdict.PASS
        assert report.findings[Claim.INTEGRITY].has("log_key_from_pack")
        assert report.findings[Claim.WHO].has("policy_missing")

    def test_does_not_trust_a_forger_even_without_a_policy(self) -> None:
        forged = stories.brief(LogBook(seed="forger ")).pack()
        report = verified(forged, None)
        assert report.findings[Claim.WHO].verdict is Verdict.NOT_PROVEN
        assert report.exit_code == 3

    @pytest.mark.parametrize(("line", "claim"), [("# tanghulu require when", Claim.WHEN), ("quorum W", Claim.UNIQUE)])
    def test_asks_for_what_the_policy_asks_for(self, line: str, claim: Claim) -> None:
        text = policy().decode()
        if line.startswith("quorum"):
            text = text.replace("quorum none", f"witness W {WITNESS}\n{line}")
        else:
            text = f"{line}\n{text}"
        report = verified(good_pack(), parse_policy(text.encode()))
        assert report.findings[claim].asked
        assert report.exit_code == 3

    @pytest.mark.parametrize("case", ALTERED, ids=lambda case: case.name)
    def test_sees_what_was_altered(self, case: Altered) -> None:
        pack = case.make()
        if "pack" in case.codes:
            with pytest.raises(Invalid) as caught:
                verified(pack)
            assert (caught.value.code, 2) == (case.codes["pack"], case.exit)
            return
        report = verified(pack)
        found = {claim.value: [reason.code for reason in one.reasons] for claim, one in report.findings.items()}
        assert report.exit_code == case.exit, found
        for claim, code in case.codes.items():
            assert code in found[claim], found

    @pytest.mark.parametrize("case", [case for case in ALTERED if case.exit == 1], ids=lambda case: case.name)
    def test_never_proves_an_altered_pack_without_a_policy_either(self, case: Altered) -> None:
        assert verified(case.make(), None).exit_code in {1, 3}

    def test_says_that_the_server_vouched_for_a_founder(self) -> None:
        notes = {one.code: one for one in verified(good_pack()).findings[Claim.WHO].reasons}
        assert notes["founder_by_server"].kind is Kind.NOTE
        assert notes["founder_by_server"].about == LogBook().device("chen").key.device

    def test_lets_the_server_vouch_only_for_the_founders_that_are_pinned(self) -> None:
        pinned, other = parse_policy(pinned_policy()), parse_policy(LogBook().policy(founders=[LogBook().device("xu")]))
        assert verified(good_pack(), pinned).exit_code == 0
        assert not verified(good_pack(), pinned).findings[Claim.WHO].has("founder_by_server")
        report = verified(good_pack(), other)
        assert report.exit_code == 1
        assert report.findings[Claim.WHO].has("founder_not_in_policy")

    def test_counts_the_acts_against_the_rules(self) -> None:
        case = next(case for case in ALTERED if case.name == "acts_against_the_rules")
        found = verified(case.make()).findings[Claim.ORDER]
        assert found.verdict is Verdict.PASS
        assert [one.about for one in found.reasons if one.code == "contradicting_acts"] == ["2"]
        assert not verified(good_pack()).findings[Claim.ORDER].has("contradicting_acts")

    def test_lists_one_failure_beside_another(self) -> None:
        members = good()
        photo = min(name for name in members if name.startswith("photos/"))
        members[photo] = b"\x00" + members[photo][1:]
        members["events/000006.dsse.json"] = b"{}"
        del members["admissions/000003.dsse.json"]
        codes = [reason.code for reason in verified(zips.rezip(members)).findings[Claim.INTEGRITY].reasons]
        assert {"file_altered", "photo_altered", "envelope_malformed", "admission_missing"} <= set(codes)

    def test_rests_nothing_on_signatures_that_fail(self) -> None:
        case = next(case for case in ALTERED if case.name == "signature_altered")
        report = verified(case.make())
        for claim in (Claim.ORDER, Claim.COMPLETENESS, Claim.WHO):
            assert report.findings[claim].verdict is Verdict.NOT_PROVEN
            assert report.findings[claim].has("integrity_failed")

    @given(st.data())
    @settings(max_examples=60)
    def test_never_proves_a_pack_with_one_byte_changed(self, data: st.DataObject) -> None:
        members = good()
        name = data.draw(st.sampled_from(sorted(members)))
        at, bit = data.draw(st.integers(0, len(members[name]) - 1)), data.draw(st.integers(0, 7))
        changed = bytearray(members[name])
        changed[at] ^= 1 << bit
        assert exit_of(zips.rezip({**members, name: bytes(changed)})) in {1, 2}, (name, at, bit)

    @given(st.data())
    @settings(max_examples=60)
    def test_never_proves_it_with_a_manifest_that_agrees_either(self, data: st.DataObject) -> None:
        members = good()
        # The page for people is not evidence; only the manifest binds it.
        name = data.draw(st.sampled_from(sorted(set(members) - {"manifest.json", "report.html"})))
        at, bit = data.draw(st.integers(0, len(members[name]) - 1)), data.draw(st.integers(0, 7))
        changed = bytearray(members[name])
        changed[at] ^= 1 << bit
        assert exit_of(zips.repack({**members, name: bytes(changed)})) in {1, 2}, (name, at, bit)


class TestReport:
    def test_is_written_as_json(self) -> None:
        report = verified(good_pack()).as_json("en")
        assert json.loads(json.dumps(report)) == report
        assert report["exit"] == 0
        claims = report["claims"]
        assert isinstance(claims, dict)
        assert list(claims) == [claim.value for claim in Claim]

    def test_counts_reasons_beyond_fifty(self) -> None:
        members = good()
        extra = {f"extra/{number}": b"" for number in range(MAX_REASONS + 7)}
        report = verified(zips.rezip({**members, **extra}))
        claims = report.as_json("zh-Hans")["claims"]
        assert isinstance(claims, dict)
        integrity = claims["INTEGRITY"]
        assert isinstance(integrity, dict)
        assert len(integrity["reasons"]) == MAX_REASONS  # type: ignore[arg-type]
        assert integrity["more"] == 7

    def test_puts_failures_first(self) -> None:
        case = next(case for case in ALTERED if case.name == "last_event_before_the_seal_dropped")
        kinds = [reason.kind for reason in verified(case.make()).findings[Claim.COMPLETENESS].reasons]
        assert kinds == sorted(kinds, key=list(Kind).index)
        assert kinds[0] is Kind.FAIL
