from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from pytest_django import Settings

from tanghulu.web.static_files import HashedWherePresent


class TestHashedWherePresent:
    def test_gives_a_plain_name_before_the_files_are_collected(self) -> None:
        assert (
            HashedWherePresent(location="/nonexistent", base_url="/static/").url("img/none.svg")
            == "/static/img/none.svg"
        )

    def test_gives_a_hashed_name_afterwards(self, settings: Settings, tmp_path: Path) -> None:
        settings.STATIC_ROOT = tmp_path
        call_command("collectstatic", interactive=False, verbosity=0)
        storage = HashedWherePresent(location=tmp_path, base_url="/static/")
        url = storage.url("img/logo.svg")
        assert url != "/static/img/logo.svg"
        assert (tmp_path / url.removeprefix("/static/")).is_file()


@pytest.mark.django_db
class TestServing:
    def test_serves_the_package_s_own_files(self, client: object) -> None:
        answer = client.get(staticfiles_storage.url("img/logo.svg"))  # type: ignore[attr-defined]
        assert answer.status_code == 200
        assert answer["Content-Type"] == "image/svg+xml"
        answer.close()
