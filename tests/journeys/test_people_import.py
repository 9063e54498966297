"""A list of people is brought in: looked at, saved, and its bad row mended in the file that comes back."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.journeys.stage import Stage

pytestmark = pytest.mark.journey

LIST = (
    "工号;姓名;部门;角色;证书;证书编号;有效期至;电话\r\n"
    "0900;丁一;操作部/夜班;班组长;电工;E-77;2027年3月31日;1\r\n"
    "0231;王维一;;;;;;2\r\n"
    "0901;丁二;;皇帝;;;;3\r\n"
)


def choose(page: Page, data: bytes) -> None:
    file: FilePayload = {"name": "名单.csv", "mimeType": "text/csv", "buffer": data}
    page.locator("input[type=file]").set_input_files(file)
    page.locator("main form.form button").click()
    expect(page.locator("input[name=digest]")).to_have_count(1)


class TestAList:
    def test_is_looked_at_saved_and_mended(self, stage: Stage) -> None:
        page = stage.office("zheng")
        page.goto(f"{stage.address}/people/")
        page.locator("a[href='/people/import/']").click()
        choose(page, LIST.encode("gb18030"))
        expect(page.locator("main")).to_contain_text("将添加 1 人")
        expect(page.locator("main")).to_contain_text("没有角色 皇帝")
        with page.expect_download() as given:
            page.locator("button[formaction='/people/import/problems/']").click()
        mended = Path(given.value.path()).read_bytes().decode("utf-8-sig").replace("皇帝", "监护人").encode()
        page.locator("main .button-primary").click()
        expect(page.locator(".toast")).to_contain_text("已添加 1 人。")
        page.goto(f"{stage.address}/people/import/")
        choose(page, mended)
        page.locator("main .button-primary").click()
        expect(page.locator("h1")).to_have_text("人员")
        page.goto(f"{stage.address}/people/?search=090")
        expect(page.locator("tbody tr")).to_have_count(2)
        expect(page.locator("tbody")).to_contain_text("监护人")
