"""What anybody can do with the pack afterwards: verify it with the command line, and see an altered copy refused."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from tanghulu.config import env


def show_verdict(pack: Path) -> int:
    """Run `tanghulu verify` on the pack and on a copy with one byte of a photo changed; 0 when both answers are right.

    The policy lies beside the pack, under its name with `.policy` behind.
    """
    policy = pack.with_name(f"{pack.name}.policy")
    print(f"· 核验证据包 / verify the pack: tanghulu verify {pack} --policy {policy}\n", flush=True)
    code = _verify(pack, policy)
    with tempfile.TemporaryDirectory(prefix="tanghulu-altered-") as folder:
        altered = Path(folder) / "altered.zip"
        name = alter(pack, altered)
        print(f"\n· 改动一个字节再核验 / the same pack with one byte of {name} changed:\n", flush=True)
        altered_code = _verify(altered, policy)
    if code == 0 and altered_code == 1:
        print("\n✓ 真包通过，改过的被识破 / the real pack passes, the altered one is found out", flush=True)
        return 0
    print(f"\n✗ 不应如此 / this should not be: exits {code} and {altered_code}", file=sys.stderr)
    return 1


def alter(pack: Path, target: Path) -> str:
    """Copy a pack with one bit of the middle byte of its first photo turned; return the photo's name in the pack."""
    with zipfile.ZipFile(pack) as source, zipfile.ZipFile(target, "w") as copy:
        names = source.namelist()
        victim = next((name for name in names if name.startswith("photos/")), names[0])
        for name in names:
            content = bytearray(source.read(name))
            if name == victim:
                content[len(content) // 2] ^= 1
            copy.writestr(name, bytes(content))
    return victim


def _verify(pack: Path, policy: Path) -> int:
    command = [sys.executable, "-P", "-m", "tanghulu", "verify", str(pack), "--policy", str(policy)]
    return subprocess.run(command, check=False, env=env.for_child()).returncode
