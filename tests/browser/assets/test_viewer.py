"""Diagrams to look at: the path is lit, badges speak, elements can be pressed, a phone can read them."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect


def shown(page: Page) -> Locator:
    page.goto("/pages/viewer.html")
    diagram = page.locator("[data-diagram]")
    expect(diagram).to_have_attribute("data-shown", "yes")
    return diagram


def part(page: Page, element: str) -> Locator:
    return page.locator(f'.djs-element[data-element-id="{element}"]')


def test_the_path_is_lit_and_the_work_in_hand_is_marked(page: Page) -> None:
    diagram = shown(page)
    expect(part(page, "fill_targets")).to_have_class(re.compile("is-visited"))
    expect(part(page, "to_review")).to_have_class(re.compile("is-taken"))
    expect(part(page, "review_targets")).to_have_class(re.compile("is-active"))
    expect(part(page, "targets_issued")).not_to_have_class(re.compile("is-"))
    expect(diagram.locator(".diagram-badge.due-soon")).to_have_text("还有 3 个工作日")


def test_a_pressed_element_is_announced(page: Page) -> None:
    shown(page)
    page.evaluate("addEventListener('bihuan:element', (event) => (window.pressed = event.detail))")
    part(page, "review_targets").click()
    assert page.evaluate("window.pressed") == {"id": "review_targets", "name": "审核目标"}


def test_the_wheel_scrolls_the_page_and_not_the_diagram(page: Page) -> None:
    diagram = shown(page)
    before = diagram.locator(".viewport").first.get_attribute("transform")
    diagram.hover()
    page.mouse.wheel(0, 200)
    page.get_by_role("button", name="放大").hover()
    assert diagram.locator(".viewport").first.get_attribute("transform") == before
    page.get_by_role("button", name="放大").click()
    assert diagram.locator(".viewport").first.get_attribute("transform") != before


def test_on_a_phone_the_work_in_hand_is_in_view_and_nothing_overflows(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    diagram = shown(page)
    frame, task = diagram.bounding_box(), part(page, "review_targets").bounding_box()
    assert frame is not None
    assert task is not None
    assert frame["x"] <= task["x"]
    assert task["x"] + task["width"] <= frame["x"] + frame["width"]
    assert task["width"] >= 60
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_what_was_there_stays_when_the_diagram_cannot_be_read(page: Page) -> None:
    page.route("**/*.bpmn", lambda route: route.fulfill(status=404))
    page.goto("/pages/viewer.html")
    diagram = page.locator("[data-diagram]")
    expect(diagram).to_have_attribute("data-shown", "no")
    expect(diagram).to_contain_text("填报年度目标 → 审核目标")


def test_a_diagram_far_down_the_page_is_drawn_when_somebody_comes_near(page: Page) -> None:
    far = "addEventListener('DOMContentLoaded', () => { document.body.style.paddingTop = '9000px' })"
    # Nobody waits for it: only coming near counts.
    page.add_init_script(f"{far}; window.setTimeout = () => 0")
    page.goto("/pages/viewer.html")
    diagram = page.locator("[data-diagram]")
    expect(diagram).to_contain_text("填报年度目标 → 审核目标")
    expect(diagram).not_to_have_attribute("data-shown", "yes")
    diagram.scroll_into_view_if_needed()
    expect(diagram).to_have_attribute("data-shown", "yes")
