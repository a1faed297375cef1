"""What has serious effect asks first, with scripts or without: nothing happens until the box is ticked."""

import pytest
from playwright.sync_api import expect

from tests.browser.planning.people import DESK, People, Person

DEVICES = {"with scripts": DESK, "without scripts": {**DESK, "java_script_enabled": False}}


@pytest.mark.parametrize("device", DEVICES)
def test_an_account_is_shut_only_when_the_box_is_ticked(people: People, device: str) -> None:
    admin = people.on(DEVICES[device], "admin.system", place=device)
    find(admin, "u20.division")
    page = admin.page
    page.get_by_role("button", name="停用帐号").click()
    expect(page.get_by_role("checkbox", name="停用")).to_be_focused()
    expect(page.get_by_text("已停用", exact=True)).to_have_count(0)
    page.get_by_role("checkbox", name="停用").check()
    page.get_by_role("button", name="停用帐号").click()
    expect(page.get_by_text("帐号已停用，所有登录和令牌立即失效。")).to_be_visible()
    page.get_by_role("button", name="启用帐号").click()
    expect(page.get_by_text("帐号已启用。")).to_be_visible()


def find(admin: Person, login: str) -> None:
    admin.go(f"/people?search={login}")
    admin.page.locator("tr[data-row]", has_text=login).get_by_role("link").first.click()
    expect(admin.page.get_by_role("button", name="停用帐号")).to_be_visible()
