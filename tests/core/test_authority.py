import ipaddress
from datetime import timedelta
from typing import NamedTuple

import pytest
from cryptography import x509
from cryptography.x509 import verification

from tanghulu.core import authority
from tanghulu.core.errors import Conflict, Invalid
from tests.support.certificates import NOW, Key, certificate, new_key, pem, pem_key

NAME, ADDRESS = "office.local", "192.168.1.20"


class House(NamedTuple):
    root: x509.Certificate
    issuer: x509.Certificate
    issuer_key: Key
    leaf: x509.Certificate


def house(host: str) -> House:
    root_key, issuer_key = new_key(), new_key()
    root = authority.make_root(root_key, host=host, serial=1, at=NOW)
    issuer = authority.make_issuer(issuer_key, root=root, root_key=root_key, host=host, serial=2, at=NOW)
    leaf = authority.make_leaf(new_key(), issuer=issuer, issuer_key=issuer_key, host=host, serial=3, at=NOW)
    return House(root, issuer, issuer_key, leaf)


@pytest.fixture(scope="module", params=[NAME, ADDRESS])
def made(request: pytest.FixtureRequest) -> House:
    return house(request.param)


def verified(root: x509.Certificate, leaf: x509.Certificate, issuer: x509.Certificate, host: str) -> None:
    """As a client that follows RFC 5280 would; raises where it would refuse."""
    built = verification.PolicyBuilder().store(verification.Store([root])).time(NOW)
    is_name = not host[0].isdigit()
    subject = x509.DNSName(host) if is_name else x509.IPAddress(ipaddress.ip_address(host))
    built.build_server_verifier(subject).verify(leaf, [issuer])


class TestCheckedHost:
    @pytest.mark.parametrize(
        ("text", "host"),
        [("Office.Local", "office.local"), ("a", "a"), ("192.168.1.20", "192.168.1.20"), ("FD00::0:1", "fd00::1")],
    )
    def test_gives_its_one_spelling(self, text: str, host: str) -> None:
        assert authority.checked_host(text) == host

    @pytest.mark.parametrize(
        "text",
        ["", "https://a", "a:8443", "a b", "-a", "a-", "a..b", "*.a", "192.168.1", "1.2.3.256", "码头", "a" * 64],
    )
    def test_refuses_what_is_no_host(self, text: str) -> None:
        with pytest.raises(Invalid, match="tls_host_malformed"):
            authority.checked_host(text)


class TestAuthority:
    def test_is_constrained_to_its_host_critically(self) -> None:
        for host, permitted in ((NAME, x509.DNSName(NAME)), (ADDRESS, ipaddress.ip_network(f"{ADDRESS}/32"))):
            for one in house(host)[:2]:
                found = one.extensions.get_extension_for_class(x509.NameConstraints)
                assert found.critical
                wanted = permitted if isinstance(permitted, x509.DNSName) else x509.IPAddress(permitted)
                assert found.value.permitted_subtrees == [wanted]

    def test_excludes_every_name_of_the_other_kind(self) -> None:
        by_name = house(NAME).root.extensions.get_extension_for_class(x509.NameConstraints).value
        every = [x509.IPAddress(ipaddress.ip_network(text)) for text in ("0.0.0.0/0", "::/0")]
        assert by_name.excluded_subtrees == every
        by_address = house(ADDRESS).root.extensions.get_extension_for_class(x509.NameConstraints).value
        assert by_address.excluded_subtrees == [x509.DNSName("")]

    def test_signs_nothing_but_servers_and_only_two_deep(self, made: House) -> None:
        for depth, one in ((1, made.root), (0, made.issuer)):
            basic = one.extensions.get_extension_for_class(x509.BasicConstraints)
            assert (basic.critical, basic.value.ca, basic.value.path_length) == (True, True, depth)
            purposes = one.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
            assert list(purposes) == [x509.ExtendedKeyUsageOID.SERVER_AUTH]

    def test_lives_ten_years(self, made: House) -> None:
        for one in made[:2]:
            assert one.not_valid_after_utc - one.not_valid_before_utc == timedelta(days=3650)

    def test_is_another_each_time(self) -> None:
        assert house(NAME).root.subject != house(NAME).root.subject


class TestMakeLeaf:
    def test_is_taken_for_its_host(self, made: House) -> None:
        host = authority._names(made.leaf)[0]
        verified(made.root, made.leaf, made.issuer, host)

    def test_names_the_host_and_nothing_else(self, made: House) -> None:
        names = made.leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert len(list(names)) == 1
        assert authority.covers(made.leaf, NAME) is not authority.covers(made.leaf, ADDRESS)

    def test_lives_no_longer_than_browsers_allow(self, made: House) -> None:
        assert made.leaf.not_valid_after_utc - made.leaf.not_valid_before_utc <= timedelta(days=397)

    @pytest.mark.parametrize("other", ["bank.example", "local", "evil-office.local", "192.168.1.21", "10.0.0.1"])
    def test_is_not_taken_for_another_host(self, made: House, other: str) -> None:
        leaf = authority.make_leaf(
            new_key(), issuer=made.issuer, issuer_key=made.issuer_key, host=other, serial=4, at=NOW
        )
        with pytest.raises(verification.VerificationError):
            verified(made.root, leaf, made.issuer, other)


class TestMustRenew:
    def test_is_so_from_sixty_days_before_its_end(self, made: House) -> None:
        last = made.leaf.not_valid_after_utc - timedelta(days=60)
        assert not authority.must_renew(made.leaf, issuer=made.issuer, at=last - timedelta(seconds=1))
        assert authority.must_renew(made.leaf, issuer=made.issuer, at=last)

    def test_is_so_before_its_beginning(self, made: House) -> None:
        early = made.leaf.not_valid_before_utc - timedelta(seconds=1)
        assert authority.must_renew(made.leaf, issuer=made.issuer, at=early)

    def test_ends_with_the_authority(self, made: House) -> None:
        end = made.issuer.not_valid_after_utc
        late = end - timedelta(days=30)
        last = authority.make_leaf(
            new_key(), issuer=made.issuer, issuer_key=made.issuer_key, host=NAME, serial=5, at=late
        )
        assert last.not_valid_after_utc == end
        assert not authority.must_renew(last, issuer=made.issuer, at=end - timedelta(days=1))
        with pytest.raises(Conflict, match="tls_authority_ended"):
            authority.must_renew(last, issuer=made.issuer, at=end)


class TestFingerprint:
    def test_is_32_pairs_of_capital_hex_digits(self, made: House) -> None:
        pairs = authority.fingerprint(made.root).split(":")
        assert len(pairs) == 32
        assert all(len(pair) == 2 and pair == pair.upper() for pair in pairs)


class TestExamined:
    @pytest.fixture
    def key(self) -> Key:
        return new_key()

    def test_takes_a_chain_with_its_key(self, key: Key) -> None:
        above = house(NAME).root
        given = authority.examined(
            pem(certificate("a.example.com", key=key, above=above), above), pem_key(key), host="", at=NOW
        )
        assert (given.host, given.chain_missing) == ("a.example.com", False)

    def test_notices_a_chain_that_is_missing(self, key: Key) -> None:
        alone = certificate("a.example.com", key=key, by=("An authority", new_key()))
        assert authority.examined(pem(alone), pem_key(key), host="", at=NOW).chain_missing
        itself = certificate("a.example.com", key=key)
        assert not authority.examined(pem(itself), pem_key(key), host="", at=NOW).chain_missing

    @pytest.mark.parametrize("host", ["a.example.com", "b.plant.example", "192.168.1.20"])
    def test_takes_each_host_that_is_covered(self, key: Key, host: str) -> None:
        one = certificate("a.example.com", "*.plant.example", "192.168.1.20", key=key)
        assert authority.examined(pem(one), pem_key(key), host=host, at=NOW).host == host

    @pytest.mark.parametrize("host", ["b.example.com", "plant.example", "x.b.plant.example", "192.168.1.21"])
    def test_refuses_a_host_that_is_not_covered(self, key: Key, host: str) -> None:
        one = certificate("a.example.com", "*.plant.example", "192.168.1.20", key=key)
        with pytest.raises(Invalid, match="tls_host_not_covered"):
            authority.examined(pem(one), pem_key(key), host=host, at=NOW)

    def test_asks_for_a_name_where_there_are_wildcards_only(self, key: Key) -> None:
        with pytest.raises(Invalid, match="tls_name_needed"):
            authority.examined(pem(certificate("*.plant.example", key=key)), pem_key(key), host="", at=NOW)

    def test_refuses_another_key(self, key: Key) -> None:
        with pytest.raises(Invalid, match="tls_key_differs"):
            authority.examined(pem(certificate("a.example.com", key=key)), pem_key(new_key()), host="", at=NOW)

    def test_refuses_an_encrypted_key(self, key: Key) -> None:
        with pytest.raises(Invalid, match="tls_key_encrypted"):
            authority.examined(
                pem(certificate("a.example.com", key=key)), pem_key(key, password=b"secret"), host="", at=NOW
            )

    def test_refuses_what_cannot_be_read(self, key: Key) -> None:
        good = pem(certificate("a.example.com", key=key))
        with pytest.raises(Invalid, match="tls_key_unreadable"):
            authority.examined(good, good, host="", at=NOW)
        with pytest.raises(Invalid, match="tls_certificate_unreadable"):
            authority.examined(pem_key(key), pem_key(key), host="", at=NOW)

    def test_refuses_one_that_is_over_or_has_not_begun(self, key: Key) -> None:
        one = certificate("a.example.com", key=key)
        with pytest.raises(Invalid, match="tls_expired"):
            authority.examined(pem(one), pem_key(key), host="", at=one.not_valid_after_utc)
        with pytest.raises(Invalid, match="tls_not_yet_valid"):
            authority.examined(pem(one), pem_key(key), host="", at=one.not_valid_before_utc - timedelta(seconds=1))
