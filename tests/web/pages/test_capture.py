import gzip
import json
import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.test import Client


def shell_of(script: str) -> dict[str, object]:
    """What the service worker has been told to keep."""
    found = re.match(r"self\.SHELL=(\{.*?\});\n", script)
    assert found
    shell: dict[str, object] = json.loads(found[1])
    return shell


def uncollected(name: str) -> str:
    """The file's name as it was built; where files have been collected, a hash was put into it."""
    return re.sub(r"\.[0-9a-f]{12}(?=\.\w+$)", "", name)


class TestCapture:
    def test_needs_no_sign_in_and_knows_nobody(self, client: Client) -> None:
        answer = client.get("/capture/")
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "dist/capture" in page
        assert "csrf" not in page
        assert not answer.cookies

    def test_has_no_script_or_style_of_its_own(self, client: Client) -> None:
        page = client.get("/capture/").content.decode()
        assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page) == []

    def test_alone_lets_a_reader_of_codes_run(self, client: Client) -> None:
        assert "'wasm-unsafe-eval'" in client.get("/capture/")["Content-Security-Policy"]
        assert "'wasm-unsafe-eval'" not in client.get("/sign-in/")["Content-Security-Policy"]

    def test_names_a_reader_that_is_here(self, client: Client) -> None:
        page = client.get("/capture/").content.decode()
        named = re.findall(r'data-(?:reader|wasm)="/static/([^"]+)"', page)
        assert len(named) == 2
        assert all(finders.find(uncollected(name)) for name in named)

    def test_is_read_only(self, client: Client) -> None:
        assert client.post("/capture/").status_code == 405


class TestManifest:
    def test_installs_within_its_own_address(self, client: Client) -> None:
        answer = client.get("/capture/manifest.webmanifest")
        manifest = answer.json()
        assert answer["Content-Type"] == "application/manifest+json"
        assert (manifest["start_url"], manifest["scope"], manifest["display"]) == (
            "/capture/",
            "/capture/",
            "standalone",
        )
        assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}

    def test_is_called_in_the_reader_s_language(self, client: Client) -> None:
        english = client.get("/capture/manifest.webmanifest", headers={"Accept-Language": "en"}).json()
        chinese = client.get("/capture/manifest.webmanifest", headers={"Accept-Language": "zh-CN"}).json()
        assert (english["name"], chinese["name"]) == ("Tanghulu", "糖葫芦")


class TestWorker:
    def test_keeps_the_page_first_and_all_that_it_loads(self, client: Client) -> None:
        answer = client.get("/capture/sw.js")
        shell = shell_of(answer.content.decode())
        page = client.get("/capture/").content.decode()
        loaded = set(re.findall(r'(?:src|href)="(/[^"]+)"', page))
        assert answer["Content-Type"].startswith("text/javascript")
        assert isinstance(shell["urls"], list)
        assert shell["urls"][0] == "/capture/"
        assert loaded <= set(shell["urls"])

    def test_keeps_the_reader_of_codes_only_once_it_is_wanted(self, client: Client) -> None:
        shell = shell_of(client.get("/capture/sw.js").content.decode())
        page = client.get("/capture/").content.decode()
        assert shell["later"] == re.findall(r'data-(?:reader|wasm)="([^"]+)"', page)
        assert not set(shell["later"]) & set(shell["urls"])  # type: ignore[call-overload]

    def test_is_the_same_as_long_as_the_shell_is(self, client: Client) -> None:
        assert client.get("/capture/sw.js").content == client.get("/capture/sw.js").content

    def test_names_only_files_that_exist(self, client: Client) -> None:
        shell = shell_of(client.get("/capture/sw.js").content.decode())
        assert isinstance(shell["urls"], list)
        for url in shell["urls"]:
            if url.startswith("/static/"):
                plain = re.sub(r"\.[0-9a-f]{12}(\.\w+)$", r"\1", url.removeprefix("/static/"))
                assert finders.find(plain), url


class TestFirstLoad:
    def test_is_at_most_200_kilobytes_over_the_air(self, client: Client) -> None:
        page = client.get("/capture/").content
        loaded = set(re.findall(r'(?:src|href)="/static/([^"]+)"', page.decode()))
        loaded = {uncollected(name) for name in loaded}
        assert {"dist/capture.js", "dist/capture.css"} <= loaded
        files = [Path(str(finders.find(name))).read_bytes() for name in sorted(loaded)]
        # A file that does not become smaller is sent as it is.
        sizes = [min(len(content), len(gzip.compress(content, 9))) for content in (page, *files)]
        assert sum(sizes) <= 200 * 1024
