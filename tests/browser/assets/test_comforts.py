"""What every page gets from app.js and the theme: keys, drafts, one submission, cards on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, Route, ViewportSize, expect

from tests.browser.assets.workbench import Workbench

PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture
def opened(page: Page) -> Page:
    page.goto("/pages/comforts.html")
    return page


def row(page: Page, number: int) -> Locator:
    return page.locator("[data-row]").nth(number)


def test_j_and_k_walk_over_rows_and_enter_opens_one(opened: Page) -> None:
    for _ in range(2):
        opened.keyboard.press("j")
    expect(row(opened, 1)).to_have_class(re.compile("is-current"))
    opened.keyboard.press("k")
    expect(row(opened, 0)).to_have_class(re.compile("is-current"))
    expect(row(opened, 1)).not_to_have_class(re.compile("is-current"))
    opened.keyboard.press("j")
    opened.keyboard.press("Enter")
    assert opened.url.endswith("#second")


def test_letters_typed_into_a_field_are_only_text(opened: Page) -> None:
    opened.locator("#opinion").press_sequentially("jk")
    expect(opened.locator("#opinion")).to_have_value("jk")
    expect(opened.locator("[data-row].is-current")).to_have_count(0)


def test_a_draft_saves_itself_and_says_so(opened: Page, workbench: Workbench) -> None:
    opened.get_by_role("button", name="请按附件修改。").click()
    expect(opened.locator("[data-draft-state]")).to_contain_text("草稿已自动保存")
    assert len(workbench.drafts) == 1
    assert "请按附件修改。" in workbench.drafts[0]


def test_what_was_typed_before_the_scripts_came_is_saved_too(page: Page, workbench: Workbench) -> None:
    """On a slow line people type sooner than the page can listen."""
    late: list[Route] = []
    page.route("**/*.js", lambda route: late.append(route))
    page.goto("/pages/comforts.html", wait_until="commit")
    page.locator("#opinion").fill("请按附件修改。")
    expect(page.locator("#opinion")).to_have_value("请按附件修改。")
    assert late, "the scripts are still on their way"
    page.unroute("**/*.js")  # and now they come
    expect(page.locator("[data-draft-state]")).to_contain_text("草稿已自动保存")
    assert "请按附件修改。" in workbench.drafts[-1]


def test_a_draft_that_could_not_be_saved_is_said_and_tried_again(opened: Page, workbench: Workbench) -> None:
    opened.route("**/draft", lambda route: route.abort())
    opened.locator("#opinion").fill("年末应为49")
    expect(opened.locator("[data-draft-state]")).to_contain_text("草稿没有保存上")
    opened.unroute("**/draft")
    opened.locator("#opinion").fill("年末应为 49")
    expect(opened.locator("[data-draft-state]")).to_contain_text("草稿已自动保存")
    assert "年末应为 49" in workbench.drafts[-1]


def test_pressing_twice_sends_once(opened: Page) -> None:
    sent = opened.evaluate(
        """() => {
          let sent = 0;
          addEventListener("submit", (event) => {
            if (!event.defaultPrevented) sent += 1;
            event.preventDefault();
          });
          const button = document.querySelector("[value=approve]");
          button.click();
          button.click();
          return sent;
        }"""
    )
    assert sent == 1


def test_a_table_becomes_cards_on_a_phone_and_nothing_is_wider_than_it(opened: Page) -> None:
    opened.set_viewport_size(PHONE)
    assert opened.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    label = row(opened, 0).locator("td").nth(1).evaluate("cell => getComputedStyle(cell, '::before').content")
    assert label == '"要做的"'


def test_on_a_phone_the_actions_stay_within_reach(opened: Page) -> None:
    opened.set_viewport_size(PHONE)
    opened.locator("#opinion").scroll_into_view_if_needed()
    box = opened.get_by_role("button", name="同意", exact=True).bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= PHONE["height"]
    assert box["height"] >= 44


def test_the_actions_of_a_whole_page_stay_in_view_however_long_it_is(opened: Page) -> None:
    opened.set_viewport_size(PHONE)
    box = opened.locator("#page-action").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= PHONE["height"]


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_text_can_be_told_from_its_ground(opened: Page, width: int) -> None:
    """Contrast of words in colour is at least 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    opened.set_viewport_size({"width": width, "height": 900})
    poor = opened.evaluate(CONTRAST)
    assert poor == []


CONTRAST = """() => {
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (colour) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  };
  const light = (colour) => {
    const straight = (c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = rgb(colour).map((part) => straight(part / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (rgb(colour)[3] > 250) return colour;
    }
    return "white";
  };
  const words = [...document.querySelectorAll(".due, .history *, .btn, a, label, dt, dd, .effect, h1, h2")];
  return words.filter((element) => element.offsetParent && element.textContent.trim()).flatMap((element) => {
    const pair = [light(getComputedStyle(element).color), light(ground(element))].sort((a, b) => b - a);
    const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
    return ratio < 4.5 ? [`${element.textContent.trim().slice(0, 12)} ${ratio.toFixed(2)}`] : [];
  });
}"""
