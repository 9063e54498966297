import re
from urllib.parse import urlencode

import pytest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client, RequestFactory

from tanghulu.web.middleware import Policy
from tests.support.cast import Cast

pytestmark = pytest.mark.django_db


class TestPolicy:
    def test_lets_a_page_load_nothing_from_elsewhere(self, client: Client) -> None:
        answer = client.get("/sign-in/")
        rules = dict(rule.strip().split(" ", 1) for rule in answer["Content-Security-Policy"].split(";"))
        assert rules["default-src"] == rules["script-src"] == rules["style-src"] == "'self'"
        assert rules["frame-ancestors"] == rules["object-src"] == "'none'"
        assert "unsafe" not in answer["Content-Security-Policy"]

    def test_lets_the_phone_alone_run_webassembly(self, client: Client) -> None:
        assert "script-src 'self' 'wasm-unsafe-eval'" in client.get("/capture/")["Content-Security-Policy"]
        assert "wasm" not in client.get("/sign-in/")["Content-Security-Policy"]

    def test_lets_widgets_write_styles_where_a_page_shows_the_number(self) -> None:
        def answer(request: HttpRequest) -> HttpResponse:
            return render(request, "components/style_number.html")

        headers = []
        for _ in range(2):
            answered = Policy(answer)(RequestFactory().get("/"))
            number = answered.content.decode().split('content="')[1].split('"')[0]
            assert f"style-src 'self' 'nonce-{number}';" in answered["Content-Security-Policy"]
            headers.append(answered["Content-Security-Policy"])
        assert headers[0] != headers[1]

    @pytest.mark.parametrize(
        "path",
        ["/sign-in/", "/people/", "/people/add/", "/certificates/", "/equipment/", "/equipment/codes/", "/units/"],
    )
    def test_finds_nothing_in_a_page_that_it_would_forbid(self, cast: Cast, path: str) -> None:
        page = cast.browser("zheng").get(path, follow=True).content.decode()
        assert " style=" not in page
        assert "<style" not in page
        assert " onclick=" not in page
        assert page.count("<script") == page.count('<script type="module" src="/static/')


class TestReadable:
    @pytest.mark.parametrize("path", ["/jobs/%00/", "/people/a%00b/"])
    def test_leads_nowhere_with_a_zero_in_the_path(self, cast: Cast, path: str) -> None:
        assert cast.browser("zheng").get(path).status_code == 404
        answer = cast.phone("wen").get("/api/v1/runs/%00")
        assert (answer.status_code, answer.json()["code"]) == (404, "page_not_found")

    @pytest.mark.parametrize(
        "address",
        [
            "/jobs/?template=a%00",
            "/jobs/?after=%00",
            "/search/?q=%00",
            "/people/?search=a%00b",
            "/sign-ins/?what=%00",
            "/equipment/codes/?ref=%00",
            "/sign-in/?next=%00",
        ],
    )
    def test_refuses_a_question_that_no_database_could_look_up(self, cast: Cast, address: str) -> None:
        answer = cast.browser("zheng").get(address)
        assert (answer.status_code, "This request cannot be read." in answer.content.decode()) == (400, True)

    @pytest.mark.parametrize("address", ["/api/v1/runs?status=%00", "/api/v1/people?x=%00"])
    def test_refuses_it_to_a_phone_too(self, cast: Cast, address: str) -> None:
        answer = cast.phone("wen").get(address)
        assert (answer.status_code, answer.json()["code"]) == (400, "request_malformed")

    @pytest.mark.parametrize(
        ("address", "form"),
        [
            ("/devices/invite/", {"member": "a\0"}),
            ("/setup/phone/", {"member": "a\0"}),
            ("/places/", {"name": "a\0b"}),
            ("/companies/", {"company": "a\0"}),
        ],
    )
    def test_refuses_a_form_with_it(self, cast: Cast, address: str, form: dict[str, str]) -> None:
        plain = {"content_type": "application/x-www-form-urlencoded"}
        assert cast.browser("zheng").post(address, urlencode(form), **plain).status_code == 400

    def test_lets_everything_else_pass(self, cast: Cast) -> None:
        assert cast.browser("zheng").get("/people/?search=%2500").status_code == 200


class TestHeaders:
    def test_keep_types_and_referrers_to_themselves(self, client: Client) -> None:
        answer = client.get("/sign-in/")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


class TestCsrf:
    def test_refuses_a_form_of_another_page(self, cast: Cast) -> None:
        browser = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
        browser.cookies = cast.browser("zheng").cookies
        answer = browser.post("/places/", {"name": "煤场"})
        assert answer.status_code == 403
        assert "This form is out of date" in answer.content.decode()


class TestLanguage:
    def test_is_chinese_when_nothing_is_asked_for(self, client: Client) -> None:
        page = client.get("/sign-in/").content.decode()
        assert '<html lang="zh-Hans"' in page
        assert "<h1>登录</h1>" in page

    def test_is_what_the_browser_asks_for(self, client: Client) -> None:
        page = client.get("/sign-in/", headers={"accept-language": "en-GB"}).content.decode()
        assert '<html lang="en"' in page
        assert "<h1>Sign in</h1>" in page

    @pytest.mark.parametrize(
        ("asked", "given"),
        [
            *((tag, "zh-Hant") for tag in ("zh-TW", "zh-HK", "zh-MO", "zh-Hant", "zh-Hant-HK")),
            *((tag, "zh-Hans") for tag in ("zh", "zh-CN", "zh-SG", "zh-Hans", "zh-Hans-CN", "fr")),
        ],
    )
    def test_is_chinese_in_the_script_of_the_reader_s_country(self, client: Client, asked: str, given: str) -> None:
        page = client.get("/sign-in/", headers={"accept-language": asked}).content.decode()
        assert f'<html lang="{given}"' in page
        assert {"zh-Hans": "<h1>登录</h1>", "zh-Hant": "<h1>登入</h1>"}[given] in page

    def test_is_what_was_switched_to(self, client: Client) -> None:
        answer = client.post("/language/", {"language": "en", "next": "/sign-in/"})
        assert answer["Location"] == "/sign-in/"
        assert "<h1>Sign in</h1>" in client.get("/sign-in/", headers={"accept-language": "zh-CN"}).content.decode()

    @pytest.mark.parametrize("asked", ["zh-CN", "zh-TW", "en"])
    def test_is_offered_in_its_own_words_whatever_is_spoken(self, client: Client, asked: str) -> None:
        page = client.get("/sign-in/", headers={"accept-language": asked}).content.decode()
        for tag, name in (("zh-Hans", "简体"), ("zh-Hant", "繁體"), ("en", "English")):
            assert re.search(rf'<button name="language" value="{tag.lower()}" lang="{tag}"[^>]*>{name}<', page)

    def test_does_not_lead_elsewhere(self, client: Client) -> None:
        assert client.post("/language/", {"language": "en", "next": "https://example.com/"})["Location"] == "/"


class TestRefusals:
    def test_become_pages(self, cast: Cast) -> None:
        answer = cast.browser("zheng").get("/people/" + "0" * 32 + "/")
        assert answer.status_code == 404
        assert "There is no such person." in answer.content.decode()

    def test_of_addresses_that_lead_nowhere_are_pages_too(self, client: Client) -> None:
        answer = client.get("/nowhere/", headers={"accept-language": "en"})
        assert answer.status_code == 404
        assert "There is nothing here." in answer.content.decode()
