import pytest
from django.utils import translation

from tanghulu.web.components.browsers import browser_words, place_words


class TestBrowserWords:
    @pytest.mark.parametrize(
        ("agent", "words"),
        [
            ("Mozilla/5.0 (Windows NT 10.0) Chrome/126 Safari/537.36 Edg/126", "Edge · Windows"),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4) Mobile Safari/604.1", "Safari · iPhone"),
            ("Mozilla/5.0 (Linux; Android 13; V2241A) Chrome/116 Mobile MicroMessenger/8.0.49", "WeChat · Android"),
            ("Mozilla/5.0 (Linux; Android 12) AppleWebKit DingTalk/7.6 Safari", "DingTalk · Android"),
            ("Mozilla/5.0 (Phone; OpenHarmony 5.0) ArkWeb/4.1 HuaweiBrowser/5.0 Mobile", "Huawei Browser · HarmonyOS"),
            ("curl/8.5", "another program"),
            ("", "another program"),
        ],
    )
    def test_names_program_and_system(self, agent: str, words: str) -> None:
        with translation.override("en"):
            assert browser_words(agent) == words


class TestPlaceWords:
    @pytest.mark.parametrize(
        ("address", "words"),
        [
            ("127.0.0.1", "the server's own machine"),
            ("192.168.1.7", "the local network, 192.168.1.7"),
            ("8.8.8.8", "8.8.8.8"),
            ("", "—"),
        ],
    )
    def test_says_what_the_address_tells(self, address: str, words: str) -> None:
        with translation.override("en"):
            assert place_words(address) == words
