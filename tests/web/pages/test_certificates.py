from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from tanghulu.apps.directory import actions
from tanghulu.apps.tenancy import scope
from tests.support.cast import Cast


class TestCertificates:
    def test_marks_what_has_expired_and_what_soon_will(self, cast: Cast) -> None:
        today = timezone.localdate(timezone=ZoneInfo("Asia/Shanghai"))
        with scope.within("harbour"):
            for number, days in (("past", -1), ("last-day", 0), ("far", 600)):
                actions.add_certificate(
                    cast["chen"],
                    member=cast["wen"].member,
                    kind="crane",
                    number=number,
                    valid_until=today + timedelta(days=days),
                )
        page = cast.browser("chen").get("/certificates/").content.decode()
        rows = {row.split("</td>")[2].rpartition(">")[2]: row for row in page.split("<tr>")[2:]}
        assert "expired" in rows["past"]
        assert "ends soon" in rows["last-day"]
        assert "pill" not in rows["far"]

    def test_are_for_the_office(self, cast: Cast) -> None:
        assert cast.browser("wen").get("/certificates/").status_code == 403
        assert "李强" not in cast.browser("quentin").get("/certificates/").content.decode()
