import re
from pathlib import Path

import pytest

from tanghulu.core.chain import pack_reader
from tanghulu.core.chain.verifier import sentences
from tests.support.altered import ALTERED

SOURCES = Path(pack_reader.__file__).parent
FORMATS = SOURCES.parents[3] / "docs" / "formats"


class TestSentences:
    @pytest.mark.parametrize("code", sorted(sentences.SENTENCES))
    def test_say_each_code_in_every_language(self, code: str) -> None:
        simplified, traditional, english = sentences.SENTENCES[code]
        assert re.search(r"[\u4e00-\u9fff].*。$", simplified)
        assert re.search(r"[\u4e00-\u9fff].*。$", traditional)
        assert english.isascii()
        assert english.endswith(".")

    def test_know_every_code_that_the_verifier_gives(self) -> None:
        files = [*(SOURCES / "verifier").glob("*.py"), SOURCES / "pack_reader.py", SOURCES / "pack_format.py"]
        text = "".join(path.read_text() for path in files)
        given = set(re.findall(r'(?:fails|unproven|note|Invalid)\("([a-z_]+)"', text))
        assert given
        assert given <= set(sentences.SENTENCES)

    def test_know_every_code_of_the_corpus(self) -> None:
        assert {code for case in ALTERED for code in case.codes.values()} <= set(sentences.SENTENCES)

    def test_stand_in_the_format(self) -> None:
        page = (FORMATS / "pack.md").read_text()
        missing = {code for code in sentences.SENTENCES if f"`{code}`" not in page}
        assert missing == set()


class TestSentence:
    def test_puts_in_front_what_it_is_about(self) -> None:
        assert sentences.sentence("file_missing", "photos/x.jpg", "en") == "photos/x.jpg: The file is missing."
        assert sentences.sentence("file_missing", "x", "zh-Hant") == "x：檔案不見了。"
        assert sentences.sentence("file_missing", "", "zh-Hans") == "文件不见了。"
