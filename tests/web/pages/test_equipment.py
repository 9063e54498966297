import re

import pytest
import segno
from django.test import Client

from tanghulu.apps.directory import queries
from tanghulu.apps.tenancy import scope
from tanghulu.web.drawing import drawn
from tests.support.cast import Cast


class TestEquipment:
    def test_lists_the_company_s(self, cast: Cast) -> None:
        page = cast.browser("wen").get("/equipment/").content.decode()
        assert "3号皮带机" in page
        assert "belt conveyor" in page
        assert "破碎机" not in page
        assert 'name="number"' not in page

    def test_grows(self, cast: Cast) -> None:
        browser = cast.browser("chen")
        answer = browser.post("/equipment/", {"number": "C4", "name": "4号皮带机", "kind": "conveyor"})
        assert answer["Location"] == "/equipment/"
        assert "C4" in browser.get("/equipment/").content.decode()

    def test_refuses_a_number_twice(self, cast: Cast) -> None:
        answer = cast.browser("chen").post("/equipment/", {"number": "C3", "name": "x", "kind": "conveyor"})
        assert answer.status_code == 422
        assert "Another piece of equipment already has the number C3." in answer.content.decode()

    def test_does_not_grow_for_workers(self, cast: Cast) -> None:
        form = {"number": "C4", "name": "x", "kind": "conveyor"}
        assert cast.browser("wen").post("/equipment/", form).status_code == 403


class TestCodes:
    def test_has_a_label_for_each(self, cast: Cast) -> None:
        page = cast.browser("wen").get("/equipment/codes/").content.decode()
        assert page.count('class="qr-label"') == 5

    def test_has_the_one_that_is_asked_for(self, cast: Cast) -> None:
        with scope.within("harbour"):
            row = queries.equipment(cast["wen"])[2]
        page = cast.browser("wen").get(f"/equipment/codes/?ref={row.ref}").content.decode()
        assert page.count('class="qr-label"') == 1
        assert "<b>C3</b>" in page

    def test_has_none_of_another_company(self, cast: Cast, client: Client) -> None:
        with scope.within("harbour"):
            ref = queries.equipment(cast["wen"])[0].ref
        assert cast.browser("quentin").get(f"/equipment/codes/?ref={ref}").status_code == 404


class TestDrawn:
    @pytest.mark.parametrize("text", ["tanghulu:equipment:" + "0f" * 16, "<script>alert(1)</script>"])
    def test_draws_the_text_and_writes_nothing_of_it(self, text: str) -> None:
        svg = drawn(text)
        assert re.fullmatch(r'<svg viewBox="0 0 \d+ \d+"><path[^<>]*/></svg>', svg)
        assert "style" not in svg
        assert text not in svg
        size = segno.make_qr(text, error="m").symbol_size(border=2)[0]
        assert f'viewBox="0 0 {size} {size}"' in svg
