import stat
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from tanghulu.core import authority as rules
from tanghulu.core.errors import Conflict, NotFound
from tanghulu.gateways.authority import Authority
from tests.support.certificates import NOW, new_key, pem, pem_key, taken_by_openssl

HOSTS = ["office.local", "192.168.1.20"]


@pytest.fixture(params=HOSTS)
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Authority:
    authority = Authority.of(tmp_path)
    authority.open(host=request.param, at=NOW)
    assert authority.renew(at=NOW)
    return authority


def leaf_of(authority: Authority) -> x509.Certificate:
    return x509.load_pem_x509_certificates(authority.certificate.read_bytes())[0]


def of_another_host(authority: Authority, folder: Path, host: str) -> tuple[str, str]:
    """What a thief of the issuer's key would make."""
    issuer = x509.load_pem_x509_certificate((authority.folder / "issuer.crt").read_bytes())
    stolen = serialization.load_pem_private_key((authority.folder / "issuer.key").read_bytes(), password=None)
    key = new_key()
    leaf = rules.make_leaf(key, issuer=issuer, issuer_key=stolen, host=host, serial=1, at=NOW)
    (folder / "other.crt").write_bytes(pem(leaf, issuer))
    (folder / "other.key").write_bytes(pem_key(key))
    return str(folder / "other.crt"), str(folder / "other.key")


class TestOpen:
    def test_makes_the_authority_once(self, made: Authority) -> None:
        root, host = made.root(), made.host
        again = Authority(made.folder)
        again.open(host=host, at=NOW + timedelta(days=100))
        assert again.root() == root

    def test_never_replaces_one_for_another_host(self, made: Authority) -> None:
        root = made.root()
        with pytest.raises(Conflict, match="tls_authority_of_another_host"):
            made.open(host="other.local", at=NOW)
        assert made.root() == root

    def test_keeps_its_keys_for_their_owner_alone(self, made: Authority) -> None:
        assert stat.S_IMODE(made.folder.stat().st_mode) == 0o700
        keys = [path for path in made.folder.iterdir() if b"PRIVATE KEY" in path.read_bytes()]
        assert {path.name for path in keys} == {"issuer.key", "server.key"}
        assert {stat.S_IMODE(path.stat().st_mode) for path in keys} == {0o600}

    def test_keeps_no_key_of_the_root(self, made: Authority) -> None:
        kept = [
            serialization.load_pem_private_key(path.read_bytes(), password=None).public_key()
            for path in made.folder.glob("*.key")
        ]
        assert len(kept) == 2
        assert made.root().public_key() not in kept

    def test_begins_anew_where_it_was_cut_off(self, tmp_path: Path) -> None:
        authority = Authority.of(tmp_path)
        authority.open(host="office.local", at=NOW)
        (authority.folder / "host").unlink()
        authority.open(host="office.local", at=NOW)
        authority.renew(at=NOW)
        root = pem(authority.root())
        assert taken_by_openssl(root, str(authority.certificate), str(authority.key), host="office.local") == ""


class TestRoot:
    def test_is_asked_for_in_vain_before_there_is_one(self, tmp_path: Path) -> None:
        with pytest.raises(NotFound, match="tls_authority_missing"):
            Authority.of(tmp_path).root()


class TestRenew:
    def test_leaves_a_good_leaf_alone(self, made: Authority) -> None:
        leaf = leaf_of(made)
        assert not made.renew(at=NOW + timedelta(days=300))
        assert leaf_of(made) == leaf

    def test_issues_another_before_the_end_under_the_same_root(self, made: Authority) -> None:
        leaf, root = leaf_of(made), made.root()
        late = NOW + timedelta(days=340)
        assert made.renew(at=late)
        assert leaf_of(made).not_valid_after_utc > leaf.not_valid_after_utc
        assert made.root() == root
        assert not made.renew(at=late)

    def test_mends_a_pair_that_a_cut_left_apart(self, made: Authority) -> None:
        made.key.write_bytes(pem_key(new_key()))
        assert made.renew(at=NOW)
        assert taken_by_openssl(pem(made.root()), str(made.certificate), str(made.key), host=made.host) == ""

    def test_issues_what_openssl_takes(self, made: Authority) -> None:
        assert taken_by_openssl(pem(made.root()), str(made.certificate), str(made.key), host=made.host) == ""

    @pytest.mark.parametrize("other", ["bank.example", "10.0.0.1"])
    def test_could_not_issue_what_openssl_takes_for_another_host(
        self, made: Authority, tmp_path: Path, other: str
    ) -> None:
        chain, key = of_another_host(made, tmp_path, other)
        refused = taken_by_openssl(pem(made.root()), chain, key, host=other)
        assert refused in {"permitted subtree violation", "excluded subtree violation"}
