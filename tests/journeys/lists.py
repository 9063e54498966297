"""Lists that are chosen on the pages that import."""

from __future__ import annotations

from playwright.sync_api import FilePayload, Page, expect


def choose_people(page: Page) -> None:
    """Choose a list in which somebody is new, somebody is changed, and somebody has a role that is not there."""
    rows = (
        "工号,姓名,部门,角色,证书,证书编号,有效期至,电话\n"
        "0900,丁一,操作部/夜班,worker,电工,E-77,2027年3月31日,1\n"
        "0231,王维一,,,,,,2\n"
        "0901,丁二,,皇帝,,,,3\n"
    )
    _choose(page, rows)


def choose_machines(page: Page) -> None:
    """Choose a list in which a machine is new, one is changed, one has no kind, and a place stands alone."""
    rows = (
        "设备编号,设备名称,类别,地点,备注\n"
        "C9,九号皮带机,带式输送机,码头/北侧,1\n"
        "C1,一号皮带机,,,\n"
        "C8,八号,,,\n"
        ",,,料场,\n"
    )
    _choose(page, rows)


def _choose(page: Page, rows: str) -> None:
    file: FilePayload = {"name": "list.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    page.locator("input[type=file]").set_input_files(file)
    page.locator("main form.form button").click()
    expect(page.locator("input[name=digest]")).to_have_count(1)
