import pytest

from tanghulu.core.chain import note, policy
from tanghulu.core.errors import Invalid

LOG = note.note_key("tanghulu.example/log/harbour", b"k" * 32).verifier
LOG_2 = note.note_key("tanghulu.example/log/quarry", b"q" * 32).verifier
X1, X2, X3, Y1, Y2 = (
    note.verifier_key(f"witness.example/{name}", note.note_key("w", name.encode() * 16).verifier.public, kind=4)
    for name in ("X1", "X2", "X3", "Y1", "Y2")
)
WITNESSES = f"witness X1 {X1}\nwitness X2 {X2}\nwitness X3 {X3}\nwitness Y1 {Y1}\nwitness Y2 {Y2}\n"
TWO_LEVELS = f"log {LOG}\n{WITNESSES}group X 2 X1 X2 X3\ngroup Y any Y1 Y2\ngroup X-and-Y all X Y\nquorum X-and-Y\n"


class TestParsePolicy:
    def test_reads_its_own_writing(self) -> None:
        found = policy.parse_policy(policy.write_policy([LOG, LOG_2], comment="two logs\nof one group"))
        assert found.logs == (LOG, LOG_2)
        assert found.quorum == "none"
        assert not found.requires_when

    def test_keeps_the_pins_of_founders(self) -> None:
        pins = ["b" * 64, "a" * 64]
        raw = policy.write_policy([LOG], founders=pins)
        assert raw.decode().splitlines()[1:3] == [f"# tanghulu founder {pin}" for pin in sorted(pins)]
        assert policy.parse_policy(raw).founders == set(pins)
        assert policy.parse_policy(policy.write_policy([LOG])).founders == frozenset()
        assert policy.parse_policy(b"# tanghulu founders met\nquorum none\n").founders == frozenset()

    def test_takes_blanks_comments_and_urls(self) -> None:
        text = f"\t# comment\n\n  log\t{LOG}   https://logs.example \n\t\nquorum  none"
        assert policy.parse_policy(text.encode()).logs == (LOG,)

    def test_takes_names_beyond_ascii(self) -> None:
        text = f"witness 见证 {X1} https://见证.example\nquorum 见证\n"
        assert policy.parse_policy(text.encode()).satisfied_by(["见证".encode().decode("latin-1")])

    def test_takes_a_log_without_url_and_witnesses_of_both_kinds(self) -> None:
        later = note.verifier_key("w", bytes(1312), kind=note.COSIGNATURE_ML_DSA_44)
        text = f"log {LOG}\nwitness W {later}\nquorum W\n"
        assert policy.parse_policy(text.encode()).witnesses["W"] == later

    def test_says_when_times_are_asked_for(self) -> None:
        assert policy.parse_policy(b"# tanghulu require when\nquorum none\n").requires_when
        assert not policy.parse_policy(b"# tanghulu require whenever\nquorum none\n").requires_when

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("", 0),
            (f"log {LOG}\n", 0),
            ("quorum none\nquorum none\n", 2),
            ("quorum nobody\n", 1),
            ("quorum\n", 1),
            ("quorum none more\n", 1),
            ("log\nquorum none\n", 1),
            ("log x+00+AA==\nquorum none\n", 1),
            (f"log {X1}\nquorum none\n", 1),
            (f"log {LOG} url more\nquorum none\n", 1),
            (f"log {LOG}\nlog {LOG}\nquorum none\n", 2),
            (f"witness A {LOG}\nquorum none\n", 1),
            (f"witness none {X1}\nquorum none\n", 1),
            (f"witness A {X1}\nwitness B {X1}\nquorum none\n", 2),
            (f"witness A {X1}\nwitness A {X2}\nquorum none\n", 2),
            (WITNESSES + "group X 4 X1 X2 X3\nquorum none\n", 6),
            (WITNESSES + "group X 0 X1\nquorum none\n", 6),
            (WITNESSES + "group X 01 X1\nquorum none\n", 6),
            (WITNESSES + "group X most X1\nquorum none\n", 6),
            (WITNESSES + "group X all\nquorum none\n", 6),
            (WITNESSES + "group X all X1 X1\nquorum none\n", 6),
            (WITNESSES + "group X all none\nquorum none\n", 6),
            (WITNESSES + "group X all X\nquorum none\n", 6),
            (WITNESSES + "group X1 all X2\nquorum none\n", 6),
            (WITNESSES + "group X all X1\ngroup Y all X1\nquorum none\n", 7),
            ("quorum X\ngroup X all Y\n", 1),
            ("colour red\nquorum none\n", 1),
            ("quorum none\x00\n", 1),
            ("quorum none\r\n", 1),
            ("# bell \x07\nquorum none\n", 1),
            ("quorum none\n# tanghulu founder\n", 2),
            ("# tanghulu founder Chen\nquorum none\n", 1),
            (f"# tanghulu founder {'A' * 64}\nquorum none\n", 1),
            (f"# tanghulu founder {'a' * 64} {'b' * 64}\nquorum none\n", 1),
        ],
    )
    def test_names_the_line_that_is_wrong(self, text: str, line: int) -> None:
        with pytest.raises(Invalid, match="policy_malformed") as caught:
            policy.parse_policy(text.encode())
        assert caught.value.params["line"] == line

    def test_refuses_a_file_that_is_too_large(self) -> None:
        with pytest.raises(Invalid, match="policy_malformed"):
            policy.parse_policy(b"# \n" * 400_000)


class TestSatisfiedBy:
    @pytest.mark.parametrize(
        ("cosigners", "enough"),
        [
            ([], False),
            (["X1", "X2"], False),
            (["X1", "Y1"], False),
            (["X1", "X3", "Y2"], True),
            (["X1", "X2", "X3", "Y1", "Y2"], True),
        ],
    )
    def test_counts_through_two_levels(self, cosigners: list[str], enough: bool) -> None:
        assert policy.parse_policy(TWO_LEVELS.encode()).satisfied_by(cosigners) == enough

    def test_asks_for_nobody_when_the_quorum_is_none(self) -> None:
        assert policy.parse_policy(b"quorum none\n").satisfied_by([])

    def test_asks_for_the_one_witness_that_is_named(self) -> None:
        found = policy.parse_policy(f"witness A {X1}\nquorum A\n".encode())
        assert found.satisfied_by(["A"])
        assert not found.satisfied_by(["B"])


class TestLogOf:
    def test_finds_keys_by_origin(self) -> None:
        found = policy.parse_policy(policy.write_policy([LOG, LOG_2]))
        assert found.log_of("tanghulu.example/log/quarry") == (LOG_2,)
        assert found.log_of("elsewhere") == ()
