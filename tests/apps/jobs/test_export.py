import zipfile
from io import BytesIO

import pytest
from django.test import Client

from tanghulu.apps.evidence import queries
from tanghulu.apps.evidence.models import Opening
from tanghulu.apps.jobs.models import RunPhoto
from tanghulu.apps.tenancy import scope
from tanghulu.core.chain.policy import parse_policy
from tanghulu.core.chain.verifier import Claim, Verdict, verify_pack
from tests.support.yard import RUN, Yard, picture

PATH = f"/api/v1/runs/{RUN}"


def fetch(client: Client) -> tuple[bytes, bytes]:
    return client.get(f"{PATH}/pack").getvalue(), client.get(f"{PATH}/policy").content


class TestExportPack:
    def test_is_proven_by_the_verifier_under_the_logs_policy(self, yard: Yard) -> None:
        yard.finish()
        pack, policy = fetch(yard.cast.phone("chen"))
        report = verify_pack(pack, parse_policy(policy))
        assert {claim: report.findings[claim].verdict for claim in (Claim.INTEGRITY, Claim.ORDER)} == {
            Claim.INTEGRITY: Verdict.PASS,
            Claim.ORDER: Verdict.PASS,
        }
        assert report.findings[Claim.COMPLETENESS].verdict is Verdict.PASS
        assert report.findings[Claim.WHO].verdict is Verdict.PASS
        assert (report.exit_code, report.events, report.photos) == (0, len(yard.entries()), 1)
        assert report.tenant == "harbour"

    def test_gives_the_same_bytes_twice(self, yard: Yard) -> None:
        yard.finish()
        client = yard.cast.phone("chen")
        assert fetch(client) == fetch(client)

    def test_holds_the_photos_as_they_were_taken(self, yard: Yard) -> None:
        yard.finish()
        pack, _ = fetch(yard.cast.phone("chen"))
        with zipfile.ZipFile(BytesIO(pack)) as opened:
            photos = [opened.read(name) for name in opened.namelist() if name.startswith("photos/")]
        assert photos == [picture()]

    def test_leaves_out_a_photo_whose_opening_is_not_there(self, yard: Yard) -> None:
        yard.finish()
        with scope.within("harbour"):
            Opening.objects.filter(commitment=RunPhoto.objects.get().commitment).delete()
        pack, policy = fetch(yard.cast.phone("chen"))
        with zipfile.ZipFile(BytesIO(pack)) as opened:
            assert [name for name in opened.namelist() if name.startswith("photos/")] == []
        found = verify_pack(pack, parse_policy(policy)).findings[Claim.INTEGRITY]
        assert [reason.code for reason in found.reasons] == ["photo_withheld"]

    def test_has_a_page_that_can_be_read_in_every_language(self, yard: Yard) -> None:
        yard.finish()
        pack, _ = fetch(yard.cast.phone("chen"))
        with zipfile.ZipFile(BytesIO(pack)) as opened:
            page = opened.read("report.html").decode()
        for said in ('lang="zh-Hans">状态<', 'lang="zh-Hant">狀態<', 'lang="en">State<', 'lang="zh-Hant">正常結束<'):
            assert said in page
        assert '<html lang="zh-Hans">' in page
        assert 'id="in-zh-Hans" checked' in page

    def test_of_a_job_under_way_is_not_complete(self, yard: Yard) -> None:
        yard.open()
        pack, policy = fetch(yard.cast.phone("chen"))
        report = verify_pack(pack, parse_policy(policy))
        assert report.findings[Claim.INTEGRITY].verdict is Verdict.PASS
        assert report.findings[Claim.COMPLETENESS].verdict is Verdict.NOT_PROVEN
        assert report.exit_code == 3

    def test_is_not_proven_by_another_companys_policy(self, yard: Yard) -> None:
        yard.finish()
        pack, policy = fetch(yard.cast.phone("chen"))
        with scope.within("quarry"):
            other = queries.policy_text().encode()
        assert other != policy
        assert verify_pack(pack, parse_policy(other)).exit_code == 1

    def test_needs_a_template_that_is_known(self, yard: Yard) -> None:
        yard.open(version="b" * 64)
        answer = yard.cast.phone("chen").get(f"{PATH}/pack")
        assert (answer.status_code, answer.json()["code"]) == (409, "run_not_begun")

    @pytest.mark.parametrize("username", ["wen", "quentin"])
    def test_is_not_for_everybody(self, yard: Yard, username: str) -> None:
        yard.finish()
        answer = yard.cast.phone(username).get(f"{PATH}/pack")
        assert answer.status_code in {403, 404}
