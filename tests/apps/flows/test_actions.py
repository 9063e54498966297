import json

import pytest

from tanghulu.apps.flows import actions
from tanghulu.apps.flows.models import TemplateVersion
from tanghulu.apps.tenancy import scope
from tanghulu.core.errors import Invalid, NotAllowed
from tests.support.cast import NOON
from tests.support.yard import Yard, picture, small


def versions(tenant: str = "harbour") -> list[tuple[str, int, str]]:
    with scope.within(tenant):
        return list(TemplateVersion.objects.order_by("pk").values_list("template", "number", "version"))


class TestPublish:
    def test_of_the_same_text_changes_nothing(self, yard: Yard) -> None:
        before = versions()
        assert yard.publish(small()) == yard.version
        assert versions() == before

    def test_numbers_the_versions_of_a_template(self, yard: Yard) -> None:
        before = versions()
        second = yard.publish(small(expires_after="2 h"))
        assert second != yard.version
        assert versions() == [*before, ("small", 2, second)]

    def test_leaves_running_jobs_their_version(self, yard: Yard) -> None:
        yard.open()
        first, yard.version = yard.version, yard.publish(small(expires_after="2 h"))
        other = "c" * 32
        yard.open(run=other)
        yard.send(yard.sign_photo(picture()))
        yard.put(picture())
        yard.send(yard.sign_confirmation())
        row, newer = yard.row(), yard.row(other)
        assert (row.version, row.status, row.outcome, row.is_sealed) == (first, "ended", "completed", True)
        assert (newer.version, newer.status) == (yard.version, "open")
        assert (row.next_timer_at, newer.next_timer_at is None) == (None, False)

    def test_gives_phones_the_newest_and_every_version_by_its_hash(self, yard: Yard) -> None:
        second = yard.publish(small(expires_after="2 h"))
        client = yard.cast.phone("wen")
        listed = client.get("/api/v1/templates").json()["templates"]
        assert [row["version"] for row in listed if row["template"] == "small"] == [second]
        for version in (yard.version, second):
            answer = client.get(f"/api/v1/templates/{version}")
            assert (answer.status_code, json.loads(answer.content)["template"]) == (200, "small")
            assert yard.cast.phone("quentin").get(f"/api/v1/templates/{version}").status_code == 404

    def test_refuses_what_does_not_compile_and_keeps_nothing(self, yard: Yard) -> None:
        before = versions()
        with pytest.raises(Invalid):
            yard.publish({**small(), "stages": []})
        assert versions() == before

    def test_is_for_authors(self, yard: Yard) -> None:
        before = versions()
        with scope.within("harbour"), pytest.raises(NotAllowed):
            actions.publish(yard.cast["wen"], source=small(expires_after="3 h"), library={}, at=NOON)
        assert versions() == before


class TestPublishShipped:
    def test_leaves_a_companys_own_version_to_those_who_write_templates(self, yard: Yard) -> None:
        slug = "belt-conveyor-maintenance"
        own = yard.publish({**small(), "template": slug})
        with scope.within("harbour"):
            assert actions.publish_shipped(yard.cast["zheng"], slugs=[slug], at=NOON) == {}
            assert [one[2] for one in versions() if one[0] == slug] == [own]
            shipped = actions.publish_shipped(yard.cast["sun"], slugs=[slug], at=NOON)
        assert [one[2] for one in versions() if one[0] == slug] == [own, shipped[slug]]

    def test_adds_what_is_not_there_yet(self, yard: Yard) -> None:
        slug = "belt-conveyor-maintenance"
        with scope.within("harbour"):
            published = actions.publish_shipped(yard.cast["zheng"], slugs=[slug], at=NOON)
        assert (slug, 1, published[slug]) in versions()
