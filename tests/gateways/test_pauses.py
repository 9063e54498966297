import threading
from pathlib import Path

from pytest_django import Settings

from tanghulu.gateways import pauses


class TestAt:
    def test_goes_on_where_nothing_is_asked_for(self, settings: Settings, tmp_path: Path) -> None:
        settings.PAUSE_AT = "elsewhere"
        settings.PAUSE_MARKER = str(tmp_path / "marker")
        pauses.at("here")
        assert not (tmp_path / "marker").exists()

    def test_stands_still_at_its_point(self, settings: Settings, tmp_path: Path) -> None:
        settings.PAUSE_AT = "here"
        settings.PAUSE_MARKER = str(tmp_path / "marker")
        thread = threading.Thread(target=pauses.at, args=("here",), daemon=True)
        thread.start()
        thread.join(0.2)
        assert thread.is_alive()
        assert (tmp_path / "marker").exists()
