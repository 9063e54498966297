"""What `up --lan` decides before it starts anything."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tanghulu.cli import lan, up
from tanghulu.cli.lan_words import WORDS, told
from tanghulu.core import authority
from tanghulu.core.errors import Invalid, Refusal
from tests.architecture.source import modules
from tests.architecture.test_reference import refused_codes
from tests.support.certificates import NOW, certificate, new_key, pem, pem_key

NAME = "office.local"


@pytest.fixture(autouse=True)
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("TANGHULU_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def asked(*words: str) -> argparse.Namespace:
    return up._options().parse_args(words)


def given(folder: Path, *hosts: str, days: int = 90) -> tuple[str, ...]:
    """The options for a certificate of these hosts, as another authority would sign it without its chain."""
    key = new_key()
    one = certificate(*hosts, key=key, by=("An authority", new_key()), ends=NOW + timedelta(days=days))
    (folder / "a.crt").write_bytes(pem(one))
    (folder / "a.key").write_bytes(pem_key(key))
    return "--cert", str(folder / "a.crt"), "--key", str(folder / "a.key")


class TestPrepared:
    def test_has_an_authority_for_the_name(self, data: Path) -> None:
        network = lan.prepared(asked("--lan", "--name", "Office.local"))
        assert (network.phones, network.welcome) == ("https://office.local:8443", "http://office.local:8080")
        assert network.own is not None
        assert network.own.folder == data / "authority"
        assert network.files[0].is_file()

    def test_has_the_same_at_the_next_start_without_being_told_again(self) -> None:
        first = lan.prepared(asked("--lan", "--name", NAME))
        second = lan.prepared(asked("--lan"))
        assert second.phones == first.phones
        assert first.own is not None
        assert second.own is not None
        assert first.own.root() == second.own.root()

    @pytest.mark.allow_hosts(["127.0.0.1", "198.51.100.1"])
    def test_takes_an_address_of_this_machine_only(self) -> None:
        assert lan.prepared(asked("--lan", "--name", "127.0.0.1", "--lan-port", "1")).phones == "https://127.0.0.1:1"
        with pytest.raises(Invalid, match="tls_address_not_here"):
            lan.prepared(asked("--lan", "--name", "203.0.113.7"))

    def test_has_no_authority_beside_a_certificate_from_elsewhere(self, data: Path, tmp_path: Path) -> None:
        network = lan.prepared(asked(*given(tmp_path, "jobs.example.com")))
        assert (network.phones, network.welcome, network.own) == ("https://jobs.example.com:8443", "", None)
        assert not (data / "authority").exists()

    def test_warns_of_a_chain_that_is_missing(self, tmp_path: Path) -> None:
        assert "intermediate certificate" in lan.prepared(asked(*given(tmp_path, "a.example.com"))).announcement

    def test_refuses_one_without_the_other(self, tmp_path: Path) -> None:
        options = given(tmp_path, "a.example.com")
        for half in (options[:2], options[2:]):
            with pytest.raises(Invalid, match="tls_pair_incomplete"):
                lan.prepared(asked(*half))

    def test_refuses_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        options = given(tmp_path, "a.example.com")
        (tmp_path / "a.key").unlink()
        with pytest.raises(Refusal, match="tls_file_unreadable"):
            lan.prepared(asked(*options))

    def test_refuses_a_certificate_that_does_not_cover_the_name(self, tmp_path: Path) -> None:
        with pytest.raises(Invalid, match="tls_host_not_covered"):
            lan.prepared(asked(*given(tmp_path, "a.example.com"), "--name", "b.example.com"))

    def test_refuses_a_certificate_that_is_over(self, tmp_path: Path) -> None:
        with pytest.raises(Invalid, match="tls_expired"):
            lan.prepared(asked(*given(tmp_path, "a.example.com", days=0)))


class TestLook:
    def test_says_what_is_wrong_and_lets_what_is_served_go_on(
        self, data: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        network = lan.prepared(asked("--lan", "--name", NAME))
        for file in filter(Path.is_file, (data / "authority").iterdir()):
            file.write_text("damaged")
        network.look(None)  # type: ignore[arg-type] # nothing is begun again
        assert "certificate" in capsys.readouterr().err


class TestAnnouncement:
    def test_says_where_phones_go_what_to_compare_and_what_to_open(self) -> None:
        network = lan.prepared(asked("--lan", "--name", NAME))
        assert network.own is not None
        text = network.announcement
        assert "https://office.local:8443" in text
        assert "http://office.local:8080" in text
        digits = "".join(character for character in text if character in "0123456789ABCDEF:")
        assert authority.fingerprint(network.own.root()).replace(":", "") in digits.replace(":", "")
        assert "8443 8080" in text
        assert "█" in text


class TestUp:
    def test_says_why_it_does_not_start_in_both_languages(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        options = given(tmp_path, "a.example.com")
        (tmp_path / "a.key").write_bytes(pem_key(new_key()))
        assert up.main(list(options)) == 1
        said = capsys.readouterr().err
        assert "tls_key_differs" in said
        assert "私钥与证书不是一对" in said
        assert "does not belong" in said


class TestTold:
    def test_has_words_for_every_code(self) -> None:
        raised = {code for one in modules("src") for code in refused_codes(one) if code.startswith("tls_")}
        # Only a page asks for an authority that is not there.
        assert raised - {"tls_authority_missing"} == set(WORDS)

    def test_puts_the_values_in(self) -> None:
        ended = f"{datetime.now(UTC):%Y-%m-%d}"
        assert told(Invalid("tls_expired", ended=ended)).count(ended) == 2
