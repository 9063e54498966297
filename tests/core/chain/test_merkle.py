import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanghulu.core.chain import merkle
from tanghulu.core.errors import Invalid

# The eight entries that the tests of Certificate Transparency's first log use, and their roots (RFC 6962 hashing).
ENTRIES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [merkle.leaf_hash(entry) for entry in ENTRIES]


def leaves(size: int) -> list[bytes]:
    return [merkle.leaf_hash(str(number).encode()) for number in range(size)]


def plain_root(hashes: list[bytes]) -> bytes:
    """The recursive definition of RFC 6962, section 2.1, word for word."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return hashlib.sha256(b"\x01" + plain_root(hashes[:split]) + plain_root(hashes[split:])).digest()


class TestRootOf:
    @pytest.mark.parametrize("size", range(1, 9))
    def test_is_the_known_root(self, size: int) -> None:
        assert merkle.root_of(LEAVES[:size]).hex() == ROOTS[size - 1]

    def test_of_nothing_is_the_hash_of_nothing(self) -> None:
        assert merkle.root_of([]) == hashlib.sha256(b"").digest() == merkle.EMPTY_ROOT

    @pytest.mark.parametrize("size", [*range(1, 70), 255, 256, 257, 1000])
    def test_is_what_the_definition_says(self, size: int) -> None:
        assert merkle.root_of(leaves(size)) == plain_root(leaves(size))


class TestInclusionProof:
    def test_is_the_known_path(self) -> None:
        path = merkle.inclusion_proof(5, 8, merkle.in_memory(LEAVES))
        assert [one.hex()[:8] for one in path] == ["bc1a0643", "ca854ea1", "d37ee418"]

    @pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 33])
    def test_shows_every_entry_at_its_place_only(self, size: int) -> None:
        hashes = leaves(size)
        root = merkle.root_of(hashes)
        for index in range(size):
            path = merkle.inclusion_proof(index, size, merkle.in_memory(hashes))
            places = [at for at in range(size) if merkle.verify_inclusion(hashes[index], at, size, path, root)]
            assert places == [index]

    @given(st.data())
    def test_does_not_survive_a_change(self, data: st.DataObject) -> None:
        size = data.draw(st.integers(2, 300))
        index = data.draw(st.integers(0, size - 1))
        hashes = leaves(size)
        root, path = merkle.root_of(hashes), merkle.inclusion_proof(index, size, merkle.in_memory(hashes))
        assert merkle.verify_inclusion(hashes[index], index, size, path, root)
        at, bit = data.draw(st.integers(0, len(path) - 1)), data.draw(st.integers(0, 255))
        changed = path.copy()
        changed[at] = (int.from_bytes(path[at], "big") ^ 1 << bit).to_bytes(32, "big")
        shorter, longer = path[:-1], [*path, root]
        for wrong in (changed, shorter, longer):
            assert not merkle.verify_inclusion(hashes[index], index, size, wrong, root)
        assert not merkle.verify_inclusion(hashes[index - 1], index, size, path, root)

    def test_of_hashes_of_another_length_is_refused(self) -> None:
        hashes = leaves(4)
        path = merkle.inclusion_proof(0, 4, merkle.in_memory(hashes))
        glued = [path[0] + path[1]]
        assert merkle.root_from_inclusion(hashes[0], 0, 4, glued) is None
        assert merkle.root_from_inclusion(hashes[0][:-1], 0, 4, path) is None

    @pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 4), (4, 4)])
    def test_exists_inside_the_log_only(self, index: int, size: int) -> None:
        with pytest.raises(Invalid, match="proof_out_of_range"):
            merkle.inclusion_proof(index, size, merkle.in_memory(leaves(size)))
        assert merkle.root_from_inclusion(bytes(32), index, size, []) is None


class TestConsistencyProof:
    @pytest.mark.parametrize("new", [1, 2, 3, 7, 8, 40])
    def test_shows_every_beginning(self, new: int) -> None:
        hashes = leaves(new)
        root = merkle.root_of(hashes)
        for old in range(1, new + 1):
            path = merkle.consistency_proof(old, new, merkle.in_memory(hashes))
            assert merkle.verify_consistency(old, new, merkle.root_of(hashes[:old]), root, path)

    @given(st.data())
    def test_does_not_show_another_beginning(self, data: st.DataObject) -> None:
        new = data.draw(st.integers(2, 200))
        old = data.draw(st.integers(1, new - 1))
        hashes = leaves(new)
        root, path = merkle.root_of(hashes), merkle.consistency_proof(old, new, merkle.in_memory(hashes))
        was = merkle.root_of(hashes[:old])
        other = merkle.root_of([*hashes[: old - 1], bytes(32)])
        assert not merkle.verify_consistency(old, new, other, root, path)
        assert not merkle.verify_consistency(old, new, was, other, path)
        assert not merkle.verify_consistency(old, new, was, root, path[:-1])
        assert not merkle.verify_consistency(old, new, was, root, [*path, root])

    def test_from_nothing_shows_nothing(self) -> None:
        root = merkle.root_of(leaves(3))
        assert not merkle.verify_consistency(0, 3, merkle.EMPTY_ROOT, root, [])
        assert not merkle.verify_consistency(0, 3, merkle.EMPTY_ROOT, root, [root])
        with pytest.raises(Invalid, match="proof_out_of_range"):
            merkle.consistency_proof(0, 3, merkle.in_memory(leaves(3)))

    def test_of_equal_sizes_is_empty(self) -> None:
        root = merkle.root_of(leaves(3))
        assert merkle.verify_consistency(3, 3, root, root, [])
        assert not merkle.verify_consistency(3, 3, root, bytes(32), [])
        assert not merkle.verify_consistency(3, 3, root, root, [root])

    def test_of_hashes_of_another_length_is_refused(self) -> None:
        root = merkle.root_of(leaves(3))
        assert not merkle.verify_consistency(2, 3, b"", root, [root])
        assert not merkle.verify_consistency(2, 3, root, root, [b"short"])

    def test_backwards_is_refused(self) -> None:
        assert not merkle.verify_consistency(4, 3, bytes(32), bytes(32), [])
