import pytest

from tanghulu.cli.backup_progress import Progress, readable, span


class TestReadable:
    @pytest.mark.parametrize(
        ("size", "text"),
        [
            (0, "0 B"),
            (999, "999 B"),
            (1500, "1.5 kB"),
            (2_400_000, "2.4 MB"),
            (10**11, "100.0 GB"),
            (10**16, "10000.0 TB"),
        ],
    )
    def test_is_as_a_person_reads_it(self, size: int, text: str) -> None:
        assert readable(size) == text


class TestSpan:
    @pytest.mark.parametrize(
        ("seconds", "text"),
        [(0.2, "1 秒 / s"), (99, "99 秒 / s"), (600, "10 分钟 / min"), (7200, "2.0 小时 / h")],
    )
    def test_is_rounded_to_what_matters(self, seconds: float, text: str) -> None:
        assert span(seconds) == text


class TestProgress:
    def test_counts_in_silence_while_it_is_quick(self, capsys: pytest.CaptureFixture[str]) -> None:
        progress = Progress("saving", total=100)
        progress(40)
        progress(60)
        progress.finish()
        assert (progress.size, progress.count) == (100, 2)
        assert capsys.readouterr().err == ""
