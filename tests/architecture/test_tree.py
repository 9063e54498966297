"""What must not lie in the tree: traces of one machine, addresses of package registries, unlocked requirements."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

MACHINE = re.compile(r"(?<![\w.}\])<-])/(?:root|work|home/[a-z_]\w*|Users/\w+)/[\w.]")
REGISTRY = re.compile(
    r"pypi\.(?:org|python)|pythonhosted\.org|registry\.(?:npmjs|yarnpkg|npmmirror)|--(?:extra-)?index-url|npmmirror\.com"
    r"|mirrors\.\w+\.(?:com|edu|cn)",
    re.IGNORECASE,
)
BINARY = {".png", ".jpg", ".jpeg", ".webp", ".heic", ".zip", ".mo", ".ico", ".gz", ".woff2", ".pdf", ".sqlite3", ".xz"}
THIRD_PARTY = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//""", re.IGNORECASE)
INLINE = {
    "an inline script": re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=[\"']application/(?:ld\+)?json)[^>]*>", re.IGNORECASE
    ),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "an inline style": re.compile(r"<[^>]*\sstyle\s*=\s*[\"']|<style(?![^>]*nonce)", re.IGNORECASE),
    "a third-party host": THIRD_PARTY,
}


def files() -> list[Path]:
    """The files that belong to the project, or in an unpacked archive those below its known folders."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=False, capture_output=True, text=True, cwd=ROOT,
    )  # fmt: skip
    if listed.returncode == 0:
        paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        folders = ("src", "tests", "tools", "docs", "requirements", "changes", "bench")
        paths = [path for folder in folders for path in (ROOT / folder).rglob("*")]
    return [path for path in paths if path.is_file() and path.suffix not in BINARY]


def traces(text: str, pattern: re.Pattern[str]) -> list[int]:
    return [number for number, line in enumerate(text.splitlines(), 1) if pattern.search(line)]


def traces_in_the_tree(pattern: re.Pattern[str]) -> list[str]:
    me = Path(__file__).resolve()
    texts = {path: path.read_text(encoding="utf-8", errors="replace") for path in files() if path != me}
    return [f"{path.relative_to(ROOT)}:{line}" for path, text in texts.items() for line in traces(text, pattern)]


# Pages that leave the house as one file and are opened from disk, where no header of ours can protect them.
LEAVES_THE_HOUSE = {"src/tanghulu/apps/jobs/templates/jobs_report/report.html"}


def inline(text: str) -> list[str]:
    without_comments = re.sub(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|<!--.*?-->", "", text, flags=re.DOTALL)
    return [name for name, pattern in INLINE.items() if pattern.search(without_comments)]


def pins(name: str) -> set[str]:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    return set(re.findall(r"^([A-Za-z0-9_.-]+==[^ \\]+)", text, re.MULTILINE))


class TestTheTree:
    def test_names_no_machine(self):
        assert traces_in_the_tree(MACHINE) == []

    def test_names_no_registry(self):
        assert traces_in_the_tree(REGISTRY) == []

    @pytest.mark.parametrize("path", ["/" + "root/.cache", "/" + "work/main", "'/home/" + "wen/data'"])
    def test_is_refused_with_a_path_of_a_machine(self, path):
        assert traces(f"see {path}", MACHINE) == [1]

    @pytest.mark.parametrize(
        "text", ["src/" + "work" + "/main.py", "the pack's root/ folder", "{name}/root/x", "/log/harbour/tile"]
    )
    def test_is_accepted_with_what_only_looks_like_one(self, text):
        assert traces(text, MACHINE) == []

    @pytest.mark.parametrize("host", ["https://py" + "pi.org/simple", "registry.npm" + "js.org", "--index" + "-url x"])
    def test_is_refused_with_a_registry(self, host):
        assert traces(host, REGISTRY) == [1]


LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def broken_links(page: Path) -> list[str]:
    """The relative links of a Markdown page that lead nowhere."""
    return [link for link in LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()]


class TestDocs:
    def test_lead_somewhere(self):
        pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "changes").glob("*.md")]
        found = {str(page.relative_to(ROOT)): broken_links(page) for page in pages}
        assert {page: links for page, links in found.items() if links} == {}

    def test_are_refused_when_a_link_leads_nowhere(self, tmp_path):
        (tmp_path / "a.md").write_text("[b](b.md), [a](a.md#part), [web](https://example.org)")
        assert broken_links(tmp_path / "a.md") == ["b.md"]


class TestPages:
    def test_keep_the_content_security_policy(self):
        pages = sorted((ROOT / "src" / "tanghulu").rglob("templates/**/*.html"))
        found = {path.relative_to(ROOT).as_posix(): inline(path.read_text(encoding="utf-8")) for path in pages}
        assert {path: names for path, names in found.items() if names and path not in LEAVES_THE_HOUSE} == {}

    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("<script>alert(1)</script>", "an inline script"),
            ('<button onclick="go()">', "an inline handler"),
            ('<p style="color:red">', "an inline style"),
            ('<script src="https://cdn.example/x.js"></script>', "a third-party host"),
        ],
    )
    def test_are_refused_with(self, text, name):
        assert inline(text) == [name]

    def test_are_accepted_with_files_of_their_own(self):
        assert inline('<script src="{% static \'dist/office.js\' %}" type="module"></script>') == []


class TestRequirements:
    def test_for_use_are_those_of_the_tests(self):
        assert pins("runtime.txt") - pins("test.txt") == set()

    @pytest.mark.parametrize("name", ["runtime.txt", "test.txt"])
    def test_are_all_locked_by_hash(self, name):
        text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
        blocks = re.split(r"\n(?=[A-Za-z0-9_.-]+==)", text)
        assert [block.splitlines()[0] for block in blocks if "==" in block and "--hash=sha256:" not in block] == []

    def test_of_the_package_are_read_from_the_same_list(self):
        config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        assert config["tool"]["setuptools"]["dynamic"]["dependencies"] == {"file": ["requirements/runtime.in"]}
