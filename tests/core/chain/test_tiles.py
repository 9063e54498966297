import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanghulu.core.chain import merkle, tiles
from tanghulu.core.errors import Invalid
from tests.support.log_book import Files


def entries(begin: int, count: int) -> list[bytes]:
    return [f"entry {number}".encode() for number in range(begin, begin + count)]


def grown(*batches: int) -> tuple[Files, tiles.Growth]:
    """A log that grew by these batches, and its last growth."""
    store, growth = Files(), tiles.Growth(0, merkle.EMPTY_ROOT, {})
    for count in batches:
        growth = tiles.grow(growth.size, entries(growth.size, count), store)
        store.files.update(growth.files)
    return store, growth


class TestGrow:
    @given(st.lists(st.sampled_from([1, 2, 5, 255, 256, 257, 511, 600]), min_size=1, max_size=6))
    @settings(max_examples=40)
    def test_gives_the_root_over_all_entries_however_it_grew(self, batches: list[int]) -> None:
        store, growth = grown(*batches)
        hashes = [merkle.leaf_hash(entry) for entry in entries(0, sum(batches))]
        assert growth.root == merkle.root_of(hashes) == tiles.TileTree(store, growth.size).root()

    @given(st.integers(1, 700), st.integers(1, 700))
    @settings(max_examples=40)
    def test_writes_the_same_files_in_one_batch_or_two(self, first: int, second: int) -> None:
        apart, _ = grown(first, second)
        _, whole = grown(first + second)
        assert {path: apart.files[path] for path in whole.files} == dict(whole.files)

    def test_writes_the_tiles_of_a_log_of_70_000_entries(self) -> None:
        store = Files()
        growth = tiles.grow(0, [b""] * 70_000, store)
        paths = [path for path in growth.files if not path.startswith("tile/entries")]
        partial = [path for path in paths if ".p/" in path]
        # The example of C2SP tlog-tiles: 273 full tiles of level 0, one of level 1, and three partial ones.
        assert len(paths) - len(partial) == 274
        assert sorted(partial) == ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]

    def test_reads_nothing_beyond_the_size(self) -> None:
        store, growth = grown(300)
        store.files.update({"tile/0/001": b"junk", "tile/0/001.p/50": b"junk", "tile/entries/001.p/50": b"junk"})
        again = tiles.grow(growth.size, entries(300, 6), store)
        assert again.root == merkle.root_of([merkle.leaf_hash(entry) for entry in entries(0, 306)])

    def test_of_nothing_writes_nothing(self) -> None:
        store, growth = grown(3)
        again = tiles.grow(3, [], store)
        assert (again.size, again.root, dict(again.files)) == (3, growth.root, {})

    def test_refuses_an_entry_too_large(self) -> None:
        with pytest.raises(Invalid, match="entry_too_large"):
            tiles.grow(0, [bytes(65_536)], Files())

    @pytest.mark.parametrize(
        ("path", "code"), [("tile/0/000.p/3", "tile_malformed"), ("tile/entries/000.p/3", "bundle_malformed")]
    )
    def test_refuses_to_grow_on_damaged_files(self, path: str, code: str) -> None:
        store, _ = grown(3)
        store.files[path] = store.files[path][:-1]
        with pytest.raises(Invalid, match=code):
            tiles.grow(3, entries(3, 1), store)

    def test_refuses_to_grow_on_a_bundle_that_lacks_entries(self) -> None:
        store, _ = grown(3)
        store.files["tile/entries/000.p/3"] = tiles.encode_bundle([b"only one"])
        with pytest.raises(Invalid, match="bundle_malformed"):
            tiles.grow(3, entries(3, 1), store)


class TestTileTree:
    def test_gives_proofs_across_tiles(self) -> None:
        store, growth = grown(256, 256, 300)
        tree = tiles.TileTree(store, growth.size)
        hashes = [merkle.leaf_hash(entry) for entry in entries(0, growth.size)]
        for index in (0, 255, 256, 511, 512, 811):
            path = merkle.inclusion_proof(index, growth.size, tree.node)
            assert merkle.verify_inclusion(hashes[index], index, growth.size, path, growth.root)
        for old in (1, 256, 300, 512, 811):
            path = merkle.consistency_proof(old, growth.size, tree.node)
            assert merkle.verify_consistency(old, growth.size, merkle.root_of(hashes[:old]), growth.root, path)

    def test_reads_each_tile_once(self) -> None:
        store, growth = grown(600)
        read: list[str] = []

        class Counting:
            def read(self, path: str) -> bytes:
                read.append(path)
                return store.read(path)

        tree = tiles.TileTree(Counting(), growth.size)
        for index in range(0, 600, 7):
            merkle.inclusion_proof(index, growth.size, tree.node)
        assert len(read) == len(set(read))

    def test_ends_with_the_log(self) -> None:
        store, growth = grown(3)
        with pytest.raises(Invalid, match="proof_out_of_range"):
            tiles.TileTree(store, growth.size).node(1, 1)


class TestTilePath:
    @pytest.mark.parametrize(
        ("path", "expected"),
        [
            (tiles.tile_path(0, 0), "tile/0/000"),
            (tiles.tile_path(3, 1234067), "tile/3/x001/x234/067"),
            (tiles.tile_path(0, 1000, 8), "tile/0/x001/000.p/8"),
            (tiles.entries_path(273, 112), "tile/entries/273.p/112"),
        ],
    )
    def test_is_written_in_groups_of_three(self, path: str, expected: str) -> None:
        assert path == expected


class TestDecodeBundle:
    @given(st.lists(st.binary(max_size=30), max_size=10))
    def test_undoes_encoding(self, given_entries: list[bytes]) -> None:
        assert tiles.decode_bundle(tiles.encode_bundle(given_entries)) == given_entries

    @pytest.mark.parametrize("raw", [b"\x00", b"\x00\x02a", b"\x00\x00\x01"])
    def test_refuses_an_entry_that_is_cut_off(self, raw: bytes) -> None:
        with pytest.raises(Invalid, match="bundle_malformed"):
            tiles.decode_bundle(raw)
