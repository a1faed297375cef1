"""The form in Chromium: the same work with and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from forms import Checked, Form, check, parse_post, render

pytestmark = pytest.mark.browser

Data = dict[str, object]
SCRIPT = Path(__file__).parents[2] / "api" / "assets" / "forms.js"
PAGE = """<!doctype html><html lang="zh"><meta charset="utf-8"><form method="post" action="/task" novalidate
data-autosave="/draft">%s<p data-autosave-state></p><button name="outcome" value="submit">提交</button></form>
<script type="module" src="/forms.js"></script></html>"""


def posted_fields(request: Request) -> list[tuple[str, str]]:
    """The fields of either encoding that browsers use."""
    kind, body = request.headers.get("content-type", ""), request.post_data_buffer or b""
    if not kind.startswith("multipart"):
        return parse_qsl(body.decode(), keep_blank_values=True)
    message = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    return [
        (
            str(part.get_param("name", header="content-disposition")),
            bytes(part.get_payload(decode=True)).decode(),
        )
        for part in message.get_payload()
    ]


class Desk:
    """A server of one task: shows the form, edits it, checks it, keeps drafts."""

    def __init__(self, form: Form, record: Data, context: Data) -> None:
        self.form, self.record, self.context = form, record, context
        self.checked: Checked | None = None
        self.drafts: list[Data] = []

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix("http://desk")
        if path == "/forms.js":
            script = "\n".join(
                line for line in SCRIPT.read_text().splitlines() if not line.startswith("import ")
            )
            route.fulfill(body=script, content_type="text/javascript")
            return
        fields = posted_fields(route.request)
        posted = parse_post(self.form, fields) if fields else None
        if path == "/draft":
            self.drafts.append(posted.data if posted else {})
            route.fulfill(status=204)
        elif posted is None or posted.edit:
            route.fulfill(body=self.page(data=posted.data if posted else None), content_type="text/html")
        else:
            self.checked = check(self.form, posted.data, context=self.context, stored=self.record)
            body = self.page(data=self.checked.shown, errors=self.checked.errors)
            route.fulfill(body=body, content_type="text/html")

    def page(self, **more: object) -> str:
        return PAGE % render(self.form, stored=self.record, context=self.context, **more)  # type: ignore[arg-type]


@pytest.fixture
def desk(annual_targets: Form, record: Data, context: Data) -> Desk:
    return Desk(annual_targets, record, context)


@pytest.fixture(params=[True, False], ids=["with-script", "without-script"])
def page(request: pytest.FixtureRequest, chromium: Browser, desk: Desk) -> Iterator[Page]:
    shown = chromium.new_context(java_script_enabled=request.param, viewport={"width": 390, "height": 844})
    tab = shown.new_page()
    tab.route("**/*", desk.answer)
    tab.goto("http://desk/task")
    yield tab
    shown.close()


def test_targets_are_added_filled_removed_and_submitted(page: Page, desk: Desk) -> None:
    page.locator("[name=_row_remove][value='targets.1']").click()
    page.locator("[name=_row_add][value=targets]").click()
    page.locator("[name='targets.1.name']").fill("新增公园绿地（公顷）")
    page.locator("[name='targets.1.value']").fill("１２.5")
    page.locator("[name='targets.1.unit']").select_option("%")
    page.locator("[name=_row_remove][value='targets.1.milestones.0']").click()
    left = page.locator("[data-list='targets.1.milestones'] [type=date]")
    expect(left).to_have_count(1)
    left.fill("2018-12-31")
    page.locator("[data-list='targets.1.milestones'] [inputmode=decimal]").fill("12.5")
    page.get_by_role("button", name="提交").click()
    expect(page.locator("#form-errors")).to_have_count(0)
    assert desk.checked is not None
    assert desk.checked.errors == []
    rows = desk.checked.data["targets"]
    assert isinstance(rows, list)
    assert [(row["name"], str(row["value"])) for row in rows] == [
        ("PM2.5 年均浓度", "49"),
        ("新增公园绿地（公顷）", "12.5"),
    ]
    assert [len(row["milestones"]) for row in rows] == [2, 1]


def test_a_wrong_number_comes_back_with_its_sentence_and_all_that_was_typed(page: Page) -> None:
    page.locator("[name='targets.1.value']").fill("九十")
    page.locator("[name='contact.name']").fill("")
    page.get_by_role("button", name="提交").click()
    expect(page.locator("[name='targets.1.value']")).to_have_value("九十")
    expect(page.locator("#form-errors li")).to_have_text(
        ["请填写联系人。", "目标第 2 行：全年目标值应为数字，如 12.5。"]
    )
    expect(page.locator("#f-targets-1-value-error")).to_be_visible()


def test_enter_in_a_field_removes_nothing(page: Page) -> None:
    page.locator("[name='targets.1.name']").fill("改名")
    page.locator("[name='targets.1.name']").press("Enter")
    expect(page.locator("[name='targets.1.name']")).to_have_value("改名")
    expect(page.locator("[data-row]").filter(has=page.locator("[name$='.name']"))).to_have_count(1)


@pytest.mark.parametrize("page", [True], indirect=True)
def test_a_field_appears_when_its_condition_comes_true_and_the_draft_is_saved(page: Page, desk: Desk) -> None:
    reason = page.locator("[name='targets.1.reason']")
    expect(reason).to_have_count(0)
    page.locator("[name='targets.1.value']").fill("80")
    page.locator("[name='targets.1.unit']").focus()
    expect(reason).to_have_count(1)
    expect(page.locator("[name='targets.1.value']")).to_have_value("80")
    expect(page.locator("[data-autosave-state]")).to_contain_text("已自动保存")
    rows = desk.drafts[-1]["targets"]
    assert isinstance(rows, list)
    assert str(rows[1]["value"]) == "80"
