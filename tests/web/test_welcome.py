import io
import plistlib
import re
from typing import NamedTuple

import pytest
from cryptography import x509

from tanghulu.core import authority
from tanghulu.web.welcome import Welcome, rows_of
from tests.support.certificates import NOW, new_key

HOST = "office.local"
PHONES = f"https://{HOST}:8443"


class Heard(NamedTuple):
    status: str
    headers: dict[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()


@pytest.fixture(scope="module")
def welcome() -> Welcome:
    return Welcome(phones=PHONES, root=authority.make_root(new_key(), host=HOST, serial=1, at=NOW))


def ask(welcome: Welcome, path: str, *, method: str = "GET", query: str = "", **more: str) -> Heard:
    heard: dict[str, object] = {}

    def start(status: str, headers: list[tuple[str, str]]) -> None:
        heard.update(status=status, headers=dict(headers))

    given = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8080",
        "HTTP_HOST": "evil.example",
        "wsgi.input": io.BytesIO(),
        "wsgi.url_scheme": "http",
        **more,
    }
    content = b"".join(welcome(given, start))
    return Heard(str(heard["status"]), heard["headers"], content)  # type: ignore[arg-type] # filled by start


class TestPage:
    def test_is_in_chinese_unless_another_language_is_asked_for(self, welcome: Welcome) -> None:
        assert "把这部手机接进来" in ask(welcome, "/").text
        assert "Bring this phone in" in ask(welcome, "/", HTTP_ACCEPT_LANGUAGE="en-GB").text
        assert "Bring this phone in" in ask(welcome, "/", query="lang=en").text
        assert "接入這部手機" in ask(welcome, "/", query="lang=zh-hant").text
        assert "接入這部手機" in ask(welcome, "/", HTTP_ACCEPT_LANGUAGE="zh-TW").text

    def test_leads_each_kind_of_phone(self, welcome: Welcome) -> None:
        android = ask(welcome, "/", HTTP_USER_AGENT="Mozilla/5.0 (Linux; Android 14)").text
        iphone = ask(welcome, "/", HTTP_USER_AGENT="Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)").text
        assert 'href="/tanghulu.crt"' in android
        assert 'href="/tanghulu.mobileconfig"' in iphone
        assert 'href="/tanghulu.mobileconfig"' in ask(welcome, "/", query="phone=iphone").text

    def test_shows_what_to_compare_and_where_to_go(self, welcome: Welcome) -> None:
        text = ask(welcome, "/").text
        assert all(row in text for row in rows_of(welcome.root))
        assert f'href="{PHONES}/capture/"' in text

    def test_has_three_pictures_that_are_there(self, welcome: Welcome) -> None:
        for query in ("phone=android", "phone=iphone"):
            pictures = re.findall(r'<img src="([^"]+)"', ask(welcome, "/", query=query).text)
            assert len(pictures) == 3
            for path in [*pictures, "/welcome.css", "/favicon.svg"]:
                assert ask(welcome, path).status == "200 OK"

    def test_believes_nothing_that_it_is_sent(self, welcome: Welcome) -> None:
        for query in ('lang="><script>', "phone=<b>", "lang=de&phone=x"):
            text = ask(welcome, "/", query=query).text
            assert "evil.example" not in text
            assert "<script" not in text
            assert "<b>" not in text

    def test_keeps_nothing_and_sets_nothing(self, welcome: Welcome) -> None:
        headers = ask(welcome, "/").headers
        assert headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert not {"Set-Cookie", "Strict-Transport-Security"} & set(headers)


class TestCertificate:
    def test_is_the_root_as_phones_install_it(self, welcome: Welcome) -> None:
        heard = ask(welcome, "/tanghulu.crt")
        assert heard.headers["Content-Type"] == "application/x-x509-ca-cert"
        assert x509.load_der_x509_certificate(heard.content) == welcome.root

    def test_is_also_a_profile_for_an_iphone(self, welcome: Welcome) -> None:
        heard = ask(welcome, "/tanghulu.mobileconfig")
        assert heard.headers["Content-Type"] == "application/x-apple-aspen-config"
        profile = plistlib.loads(heard.content)
        (payload,) = profile["PayloadContent"]
        assert payload["PayloadType"] == "com.apple.security.root"
        assert x509.load_der_x509_certificate(payload["PayloadContent"]) == welcome.root
        assert ask(welcome, "/tanghulu.mobileconfig").content == heard.content


class TestEverythingElse:
    @pytest.mark.parametrize("path", ["/sign-in/", "/authority/issuer.key", "/../server.key", "//", "/api/v1/health"])
    def test_is_not_there(self, welcome: Welcome, path: str) -> None:
        assert ask(welcome, path).status == "404 Not Found"

    def test_is_not_taken(self, welcome: Welcome) -> None:
        assert ask(welcome, "/", method="POST").status == "405 Method Not Allowed"

    def test_has_no_body_where_only_its_head_is_asked_for(self, welcome: Welcome) -> None:
        heard = ask(welcome, "/tanghulu.crt", method="HEAD")
        assert (heard.status, heard.content) == ("200 OK", b"")
        assert int(heard.headers["Content-Length"]) > 100
