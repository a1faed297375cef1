"""Every diagram of the product opens in the designer without a warning and comes back without loss."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.assets.semantics import semantics
from tests.browser.assets.workbench import Workbench

PROCESSES = Path(__file__).parents[3] / "processes"
DIAGRAMS = sorted(PROCESSES.rglob("*.bpmn"))


@pytest.mark.parametrize("diagram", DIAGRAMS, ids=lambda path: path.stem)
def test_a_diagram_of_the_product_comes_back_without_loss(
    diagram: Path, page: Page, workbench: Workbench
) -> None:
    source = diagram.read_bytes()
    page.route(
        "**/fill_and_review.bpmn", lambda route: route.fulfill(body=source, content_type="application/xml")
    )
    page.goto("/pages/designer.html")
    expect(page.locator("[data-designer]")).to_have_attribute("data-shown", "yes")
    expect(page.locator(".designer-problems-summary")).to_have_text("检查过了，没有问题。")
    expect(page.locator(".designer-notice")).to_be_hidden()
    sent = workbench.sent_to("/lint")[-1]["fill_and_review.bpmn"]
    assert semantics(sent) == semantics(source)
