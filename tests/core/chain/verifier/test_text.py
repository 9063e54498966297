from dataclasses import replace

from tanghulu.core.chain.policy import parse_policy
from tanghulu.core.chain.verifier import verify_pack
from tanghulu.core.chain.verifier.report import MAX_REASONS
from tanghulu.core.chain.verifier.text import report_text
from tests.support import zips
from tests.support.altered import good_pack, policy
from tests.support.altered.registry import good

TRUSTED = parse_policy(policy())


class TestReportText:
    def test_tells_the_six_claims_in_the_reader_s_language(self) -> None:
        report = verify_pack(good_pack(), TRUSTED)
        english, chinese, traditional = (report_text(report, tag) for tag in ("en", "zh-Hans", "zh-Hant"))
        assert "COMPLETENESS  PASS  (nothing was left out)" in english
        assert "Nothing fails, and all that was asked for is proven." in english
        assert "COMPLETENESS  成立  (没有遗漏)" in chinese
        assert "结论：没有不成立的项，所要求的都已证明。" in chinese
        assert "COMPLETENESS  成立  (沒有遺漏)" in traditional
        assert "結論：沒有不成立的項，所要求的都已證明。" in traditional

    def test_says_who_signed(self) -> None:
        assert "  Wen  f741046f  webcrypto" in report_text(verify_pack(good_pack(), TRUSTED), "en")

    def test_lets_no_name_steer_the_terminal(self) -> None:
        report = verify_pack(good_pack(), TRUSTED)
        wicked = replace(report.people[0], name="Wen\x1b[2J\x9b2J\u202e\nINTEGRITY PASS")
        text = report_text(replace(report, people=(wicked,), origin="x\x1b]0;"), "en")
        assert "Wen\ufffd[2J\ufffd2J\ufffd\ufffdINTEGRITY PASS" in text
        assert not set(text) & set("\x1b\x9b\u202e")

    def test_counts_what_it_does_not_print(self) -> None:
        extra = {f"extra/{number}": b"" for number in range(MAX_REASONS + 7)}
        report = verify_pack(zips.rezip({**good(), **extra}), TRUSTED)
        assert "  and 7 more" in report_text(report, "en")
