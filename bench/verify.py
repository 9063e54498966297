"""How fast a pack is verified, against the raw speed of what cannot be left out.

The peer, measured in the same run on the same bytes: SHA-256 of every photo and every signature of the pack (events,
countersignatures, admissions, one checkpoint), each computed once and nothing else.

    python -m bench.verify [--events N] [--photo-bytes N]
"""

from __future__ import annotations

import argparse
import hashlib
import mmap
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tanghulu.core.chain.keys import PublicKey
from tanghulu.core.chain.pack_reader import read_pack
from tanghulu.core.chain.policy import Policy, parse_policy
from tanghulu.core.chain.verifier import verify_pack
from tanghulu.core.chain.verifier.contents import Contents, read_contents
from tests.support.log_book import LogBook
from tests.support.stories import RUN, Story, opened

MIB = 1 << 20
ROUNDS = 7
TARGETS = {True: 0.8, False: 0.35}


def job(events: int, photo_bytes: int) -> tuple[bytes, Policy]:
    """A sealed job of that many acts, each with a photo of that size or, when it is 0, with none."""
    story = opened(LogBook())
    for number in range(events):
        _act(story, number, photo_bytes)
    story.book.seal(RUN)
    return story.book.pack(RUN), parse_policy(story.book.policy())


def _act(story: Story, number: int, photo_bytes: int) -> None:
    step = f"during/step_{number % 7}"
    if not photo_bytes:
        story.confirm(story.wen, step)
        return
    photo = story.book.photo("belt", size=photo_bytes)
    act = {"step": step, "activation": 1, "data": {"slot": "belt"}, "photos": [photo]}
    story.book.act(story.wen, RUN, "photo.taken", **act)
    story.book.act(story.book.server, RUN, "photo.stored", data={"commitment": photo.commitment})


def signatures(contents: Contents) -> list[tuple[PublicKey, bytes, bytes]]:
    """Every P-256 signature of the pack: key, signature, signed bytes."""
    envelopes = [record.envelope for record in contents.all_records]
    envelopes += [record.admission for record in contents.events]
    return [
        (contents.keys[signature.keyid], signature.sig, envelope.signed_bytes)
        for envelope in envelopes
        if envelope is not None
        for signature in envelope.signatures
    ]


def peer(pack: bytes) -> Callable[[], None]:
    """Only the hashes of the photos and the signatures, on bytes that are in memory already."""
    contents = read_contents(read_pack(pack))
    work = signatures(contents)
    photos = [hashlib.sha256(name.encode()).digest() * (one.size // 32 + 1) for name, one in contents.photos.items()]
    assert contents.anchor is not None
    assert contents.note is not None
    log_key, text, signed = contents.anchor.log_key, contents.note.text, contents.note.signatures[0].signature

    def run() -> None:
        for photo in photos:
            hashlib.sha256(photo).digest()
        for key, signature, message in work:
            assert key.verifies(signature, message)
        assert log_key.verifies(text, signed)

    return run


def seconds(run: Callable[[], None]) -> float:
    """CPU seconds of one run; the machine may be shared."""
    begin = time.process_time()
    run()
    return time.process_time() - begin


def measure(label: str, pack: bytes, policy: Policy, *, target: float) -> None:
    """Print figure, peer and ratio for one pack.

    Rounds of both take turns, and of each the best counts: what a busy machine adds is not the cost of the work.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pack.zip"
        path.write_bytes(pack)
        raw = peer(pack)
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(seconds(lambda: _verify(path, policy)))
            theirs.append(seconds(raw))
    figure, limit = min(ours), min(theirs)
    ratio = limit / figure
    size = len(pack) / 1e6
    verdict = "reached" if ratio >= target else "MISSED"
    print(f"{label}: {size:.1f} MB in {figure * 1000:.1f} ms CPU; raw hashes and signatures {limit * 1000:.1f} ms")
    print(f"  ratio {ratio:.2f}, target {target:.2f} {verdict}")


def _verify(path: Path, policy: Policy) -> None:
    """As the command does it, from the file on."""
    with path.open("rb") as source:
        content = mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ)
    assert verify_pack(memoryview(content), policy).exit_code == 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=60, help="acts in the job")
    parser.add_argument("--photo-bytes", type=int, default=3 * MIB, help="size of each photo")
    given = parser.parse_args()
    print(f"verify: a pack, against SHA-256 of its photos and all its signatures (CPU time, best of {ROUNDS})")
    for photo_bytes in (given.photo_bytes, 0):
        label = (
            f"{given.events} acts with photos of {photo_bytes / MIB:.0f} MiB" if photo_bytes else f"{given.events} acts"
        )
        pack, policy = job(given.events, photo_bytes)
        measure(label, pack, policy, target=TARGETS[photo_bytes > 0])


if __name__ == "__main__":
    main()
