import stat
from pathlib import Path

import pytest

from tanghulu.config import env
from tanghulu.config.env import BadSetting


class TestText:
    def test_takes_the_default_where_nothing_is_set(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("TANGHULU_X", raising=False)
        assert env.text("TANGHULU_X", "default") == "default"
        monkeypatch.setenv("TANGHULU_X", "  ")
        assert env.text("TANGHULU_X", "default") == "default"

    def test_leaves_out_the_blanks_around(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TANGHULU_X", " value ")
        assert env.text("TANGHULU_X", "default") == "value"


class TestFlag:
    @pytest.mark.parametrize(
        ("value", "meant"), [("1", True), ("Yes", True), ("ON", True), ("0", False), ("no", False)]
    )
    def test_reads_words(self, monkeypatch: pytest.MonkeyPatch, value: str, meant: bool) -> None:
        monkeypatch.setenv("TANGHULU_X", value)
        assert env.flag("TANGHULU_X", default=not meant) is meant

    @pytest.mark.parametrize("value", ["maybe", "2", "真"])
    def test_stops_the_start_on_nonsense(self, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
        monkeypatch.setenv("TANGHULU_X", value)
        with pytest.raises(BadSetting, match="TANGHULU_X"):
            env.flag("TANGHULU_X")


class TestNumber:
    def test_reads_a_number(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TANGHULU_X", "8")
        assert env.number("TANGHULU_X", 1, low=1, high=9) == 8

    @pytest.mark.parametrize("value", ["x", "-1", "0", "10", "1.5", "８", "1e1"])
    def test_stops_the_start_on_nonsense(self, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
        monkeypatch.setenv("TANGHULU_X", value)
        with pytest.raises(BadSetting, match="from 1 to 9"):
            env.number("TANGHULU_X", 1, low=1, high=9)


class TestForPostgresql:
    def test_asks_for_the_rows_of_everybody_and_hides_the_password_from_the_command_line(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TANGHULU_DATABASE", "postgresql://secret@host/name")
        given = env.for_postgresql(password="p")
        assert (given["PGOPTIONS"], given["PGPASSWORD"]) == ("-c tanghulu.tenant=*", "p")
        assert "TANGHULU_DATABASE" not in given
        assert "PGPASSWORD" not in env.for_postgresql(password="")


class TestDataPath:
    def test_makes_nothing(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("TANGHULU_DATA", str(tmp_path / "data"))
        assert env.data_path() == tmp_path / "data"
        assert list(tmp_path.iterdir()) == []


class TestAddress:
    @pytest.mark.parametrize("value", ["https://office.local:8443", "https://192.168.1.20", "https://[fd00::1]:8443/"])
    def test_is_taken_without_a_path(self, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
        monkeypatch.setenv("TANGHULU_X", value)
        assert env.address("TANGHULU_X", "https") == value.rstrip("/")

    def test_may_be_unset(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("TANGHULU_X", raising=False)
        assert env.address("TANGHULU_X", "https") == ""

    @pytest.mark.parametrize(
        "value", ["office.local", "http://a", "https://", "https://a/b", "https://a:x", "https://me@a", "https://a?b"]
    )
    def test_stops_the_start_on_anything_else(self, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
        monkeypatch.setenv("TANGHULU_X", value)
        with pytest.raises(BadSetting, match="TANGHULU_X"):
            env.address("TANGHULU_X", "https")


class TestHostOf:
    @pytest.mark.parametrize(
        ("address", "host"),
        [
            ("localhost:8000", "localhost"),
            ("jobs.example.com", "jobs.example.com"),
            ("https://192.168.1.20:8443", "192.168.1.20"),
            ("https://[fd00::1]:8443", "[fd00::1]"),
            ("https://[fd00::1]", "[fd00::1]"),
        ],
    )
    def test_is_what_django_compares_with(self, address: str, host: str) -> None:
        assert env.host_of(address) == host


class TestDingtalk:
    NAMES = tuple(f"TANGHULU_DINGTALK_{name}" for name in ("CLIENT_ID", "SECRET", "SIGN_IN", "API"))

    @pytest.fixture(autouse=True)
    def _nothing_set(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in self.NAMES:
            monkeypatch.delenv(name, raising=False)

    def test_is_one_application_or_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert env.dingtalk() == []
        monkeypatch.setenv("TANGHULU_DINGTALK_CLIENT_ID", "ding")
        with pytest.raises(BadSetting, match="belong together"):
            env.dingtalk()
        monkeypatch.setenv("TANGHULU_DINGTALK_SECRET", "s")
        (app,) = env.dingtalk()
        assert (app["client_id"], app["secret"]) == ("ding", "s")
        assert app["settings"] == {"sign_in": "https://login.dingtalk.com", "api": "https://api.dingtalk.com"}

    def test_may_be_another_one_by_https(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TANGHULU_DINGTALK_CLIENT_ID", "ding")
        monkeypatch.setenv("TANGHULU_DINGTALK_SECRET", "s")
        monkeypatch.setenv("TANGHULU_DINGTALK_API", "https://ding.example.com/")
        assert env.dingtalk()[0]["settings"]["api"] == "https://ding.example.com"
        monkeypatch.setenv("TANGHULU_DINGTALK_API", "http://ding.example.com")
        with pytest.raises(BadSetting, match="TANGHULU_DINGTALK_API"):
            env.dingtalk()


class TestCertificate:
    def test_is_two_files_or_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("TANGHULU_CERT", raising=False)
        monkeypatch.delenv("TANGHULU_KEY", raising=False)
        assert env.certificate() is None
        monkeypatch.setenv("TANGHULU_CERT", "a.crt")
        with pytest.raises(BadSetting, match="belong together"):
            env.certificate()
        monkeypatch.setenv("TANGHULU_KEY", "a.key")
        assert env.certificate() == (Path("a.crt"), Path("a.key"))


class TestForNetwork:
    def test_leaves_no_certificate_to_what_speaks_plain_http(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TANGHULU_CERT", "a.crt")
        found = env.for_network(phones="https://a:1", welcome="http://a:2", shown=Path("b.crt"))
        assert (found["TANGHULU_PHONES"], found["TANGHULU_WELCOME"]) == ("https://a:1", "http://a:2")
        assert "TANGHULU_CERT" not in found
        files = (Path("b.crt"), Path("b.key"))
        secure = env.for_network(phones="https://a:1", welcome="", shown=files[0], certificate=files)
        assert (secure["TANGHULU_CERT"], secure["TANGHULU_KEY"]) == ("b.crt", "b.key")


class TestDataDirectory:
    def test_is_made_for_its_owner_alone(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("TANGHULU_DATA", str(tmp_path / "a folder" / "data"))
        path = env.data_directory()
        assert path == tmp_path / "a folder" / "data"
        assert stat.S_IMODE(path.stat().st_mode) == 0o700

    def test_stops_the_start_where_it_cannot_be(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("x")
        monkeypatch.setenv("TANGHULU_DATA", str(tmp_path / "file" / "data"))
        with pytest.raises(BadSetting, match="TANGHULU_DATA"):
            env.data_directory()


class TestDatabase:
    def test_is_sqlite_that_keeps_what_it_acknowledged(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.delenv("TANGHULU_DATABASE", raising=False)
        found = env.database(tmp_path)
        assert found["NAME"] == tmp_path / "tanghulu.sqlite3"
        assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
        assert "journal_mode=WAL" in found["OPTIONS"]["init_command"]
        assert "synchronous=FULL" in found["OPTIONS"]["init_command"]

    def test_is_postgresql_by_its_address(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("TANGHULU_DATABASE", "postgresql://me:p%40ss@db.example.com:6432/tanghulu?sslmode=require")
        found = env.database(tmp_path)
        assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("tanghulu", "me", "p@ss")
        assert (found["HOST"], found["PORT"]) == ("db.example.com", "6432")
        assert found["OPTIONS"] == {"sslmode": "require"}

    def test_is_postgresql_by_a_socket(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("TANGHULU_DATABASE", "postgresql://me@/tanghulu?host=/run/postgresql&port=6432")
        found = env.database(tmp_path)
        assert (found["HOST"], found["PORT"], found["OPTIONS"]) == ("/run/postgresql", "6432", {})

    @pytest.mark.parametrize("address", ["mysql://a:secret@b/c", "postgresql://a:secret@b", "secret"])
    def test_stops_the_start_without_telling_the_password(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str
    ) -> None:
        monkeypatch.setenv("TANGHULU_DATABASE", address)
        with pytest.raises(BadSetting) as stopped:
            env.database(tmp_path)
        assert "secret" not in str(stopped.value)


class TestSecretKey:
    def test_is_made_once_for_its_owner_alone(self, tmp_path: Path) -> None:
        first = env.secret_key(tmp_path)
        assert len(first) >= 48
        assert env.secret_key(tmp_path) == first
        assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600

    def test_is_another_for_each_data_directory(self, tmp_path: Path) -> None:
        for name in "ab":
            (tmp_path / name).mkdir()
        assert env.secret_key(tmp_path / "a") != env.secret_key(tmp_path / "b")

    def test_stops_the_start_when_it_was_cut_off(self, tmp_path: Path) -> None:
        (tmp_path / "secret_key").write_text("short")
        with pytest.raises(BadSetting, match="too short"):
            env.secret_key(tmp_path)
