"""A phone on the company's network: HTTPS under an authority of our own, which the browser trusts or does not.

Chromium trusts what stands in the NSS database of its user's home, so each browser gets a home of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from playwright.sync_api import Error, expect

from tanghulu.core import authority as rules
from tanghulu.gateways.authority import Authority
from tests.journeys.stage import CONVEYOR, JOB, PARTS, Stage
from tests.journeys.waiting import until
from tests.support.certificates import NOW, new_key, pem, pem_key
from tests.support.installation import accepts, free_port, wait_for

pytestmark = pytest.mark.journey

NAME, OTHER = "office.tanghulu.test", "bank.tanghulu.test"
# No name server is asked: both names are this machine.
MAPPED = f"--host-resolver-rules=MAP {NAME} 127.0.0.1, MAP {OTHER} 127.0.0.1"
REGISTER = "navigator.serviceWorker.register('/capture/sw.js', {scope: '/capture/'}).then(() => '', e => e.name)"


@pytest.fixture(scope="module")
def certutil() -> str:
    found = shutil.which("certutil")
    if found is None:
        leave = pytest.fail if os.environ.get("TANGHULU_ALL") == "1" else pytest.skip
        leave("certutil is not here: apt-get install libnss3-tools")
    return str(found)


def home_that_trusts(root: Path | None, *, home: Path, certutil: str) -> Path:
    """The home of a user who trusts this root, or none besides those of the browser."""
    folder = home / ".pki" / "nssdb"
    folder.mkdir(parents=True)
    where = ["-d", f"sql:{folder}"]
    subprocess.run([certutil, *where, "-N", "--empty-password"], check=True)
    if root is not None:
        subprocess.run([certutil, *where, "-A", "-n", "tanghulu", "-t", "C,,", "-i", str(root)], check=True)
    return home


def of_another_host(authority: Authority, folder: Path) -> None:
    """What somebody who has stolen the authority's key would serve."""
    issuer = x509.load_pem_x509_certificate((authority.folder / "issuer.crt").read_bytes())
    stolen = serialization.load_pem_private_key((authority.folder / "issuer.key").read_bytes(), password=None)
    key = new_key()
    leaf = rules.make_leaf(key, issuer=issuer, issuer_key=stolen, host=OTHER, serial=1, at=NOW)
    (folder / "other.crt").write_bytes(pem(leaf, issuer))
    (folder / "other.key").write_bytes(pem_key(key))


# Serves one line by HTTPS: python -c SERVER port certificate key
SERVER = """
import http.server, ssl, sys
server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), http.server.SimpleHTTPRequestHandler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[2], sys.argv[3])
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
"""


@pytest.fixture
def welcome(stage: Stage) -> str:
    """Phones are served by HTTPS; the address of the page that leads them in."""
    return stage.serve_lan(NAME)


@pytest.fixture
def authority(stage: Stage, welcome: str) -> Authority:
    """What signed the certificate of the phones' server."""
    return Authority.of(stage.house.data)


class TestAPhone:
    def test_that_trusts_the_authority_does_a_step_by_https(
        self, stage: Stage, authority: Authority, welcome: str, certutil: str, tmp_path: Path
    ) -> None:
        stranger = stage.phone("li", arguments=(MAPPED,))
        stranger.page.goto(welcome)
        with stranger.page.expect_download() as download:
            stranger.page.locator("a.big[href='/tanghulu.crt']").click()
        handed_out = tmp_path / "tanghulu.crt"
        download.value.save_as(handed_out)
        stranger.close()

        home = home_that_trusts(handed_out, home=tmp_path / "home", certutil=certutil)
        phone = stage.phone("zhao", home=home, arguments=(MAPPED,))
        phone.page.goto(welcome)
        phone.page.locator("a.big").last.click()
        phone.page.wait_for_url(f"{stage.phones}/capture/")
        stage.let_in(phone, "zhao")
        assert phone.page.url.startswith(stage.phones)
        assert phone.page.evaluate("isSecureContext")

        run = phone.begin(template=JOB, equipment=CONVEYOR, people=PARTS)
        phone.photograph()
        wait_for("photo and event are accepted", lambda: phone.counts() == (1, 1, 1))
        types = [event["payload"]["type"] for event in stage.events(run)]
        assert (types.count("photo.taken"), types.count("photo.stored")) == (1, 1)

    def test_that_does_not_trust_it_is_warned_and_has_no_offline_work(
        self, stage: Stage, authority: Authority, certutil: str, tmp_path: Path
    ) -> None:
        home = home_that_trusts(None, home=tmp_path / "home", certutil=certutil)
        phone = stage.phone("zhao", home=home, arguments=(MAPPED,))
        with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
            phone.page.goto(f"{stage.phones}/capture/")
        # Whoever taps the warning away sees the page, but no worker takes control of it.
        stage.watch.expect("SSL certificate error", "ServiceWorker")
        careless = stage.phone("careless", home=home, arguments=(MAPPED,), careless=True)
        careless.page.goto(f"{stage.phones}/capture/")
        careless.page.locator(".door").wait_for()
        assert careless.page.evaluate(REGISTER) == "SecurityError"

    def test_does_not_take_a_certificate_of_the_authority_for_another_host(
        self, stage: Stage, authority: Authority, certutil: str, tmp_path: Path
    ) -> None:
        of_another_host(authority, tmp_path)
        port = free_port()
        words = [sys.executable, "-c", SERVER, str(port), str(tmp_path / "other.crt"), str(tmp_path / "other.key")]
        thief = subprocess.Popen(words, cwd=tmp_path, stderr=subprocess.DEVNULL)
        try:
            wait_for("the thief listens", lambda: accepts(port))
            home = home_that_trusts(authority.folder / "root.crt", home=tmp_path / "home", certutil=certutil)
            phone = stage.phone("zhao", home=home, arguments=(MAPPED,))
            phone.page.goto(f"{stage.phones}/capture/")
            expect(phone.page.locator(".door")).to_be_visible()
            with pytest.raises(Error, match="ERR_CERT_INVALID"):
                phone.page.goto(f"https://{OTHER}:{port}/")
        finally:
            thief.terminate()
            thief.wait()

    def test_needs_no_name_for_a_secure_context(self, stage: Stage, certutil: str, tmp_path: Path) -> None:
        stage.serve_lan("127.0.0.1")
        root = Authority.of(stage.house.data).folder / "root.crt"
        home = home_that_trusts(root, home=tmp_path / "home", certutil=certutil)
        phone = stage.phone("zhao", home=home)
        phone.page.goto(f"{stage.phones}/capture/")
        assert phone.page.evaluate("isSecureContext && Boolean(navigator.mediaDevices && crypto.subtle)")
        until(phone.page, "() => navigator.serviceWorker.controller !== null")
