"""What a page says of what became of it, and whether what was typed is still there."""

from playwright.sync_api import Page, expect

from tests.browser.axe import grave_faults
from tests.browser.together.plays import FIGURE, PLAYS, WHY, decided, typed
from tests.browser.together.town import DESK, PHONE

SENTENCE = "main [role=alert], main [role=status]:not([data-live-more])"
KEPT = """(words) => {
  const main = document.querySelector("main");
  if ([...main.querySelectorAll("textarea, input")].some((one) => one.value.includes(words))) return true;
  const read = main.cloneNode(true);
  read.querySelectorAll(".history, .alert").forEach((one) => one.remove());
  return read.textContent.includes(words);
}"""
"""Whether words can be seen on the page, elsewhere than in what others have written."""


FITS = "(width) => document.documentElement.scrollWidth <= width"
"""Asked until it is so: the diagram is drawn a moment after the page."""


NAMELESS = """() => [...document.querySelectorAll("input, select, textarea, button, a[href]")]
  .filter((one) => one.type !== "hidden" && one.checkVisibility())
  .filter((one) => !one.closest("[aria-hidden=true], .djs-container"))
  .filter((one) => !(one.labels?.length || one.ariaLabel || one.getAttribute("aria-labelledby") || one.title
    || one.textContent.trim() || one.querySelector("[aria-label], title")))
  .map((one) => one.outerHTML.slice(0, 120))"""
DOUBLED = """() => { const ids = [...document.querySelectorAll("[id]")].map((one) => one.id)
  .filter((id) => id && !document.getElementById(id).closest("svg"));
  return ids.filter((id, at) => ids.indexOf(id) !== at) }"""
"""Fields and buttons that nothing names; ids that stand twice."""


def sound(page: Page) -> None:
    """Everything has a name, nothing is a grave fault of accessibility, nothing scrolls sideways."""
    expect(page.locator("h1")).to_have_count(1)
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert page.evaluate(NAMELESS) == [], page.url
    assert page.evaluate(DOUBLED) == [], page.url
    assert grave_faults(page) == [], page.url
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 844})
        page.wait_for_function(FITS, arg=width)


def told(page: Page) -> str:
    """The one sentence of what became of it."""
    sentence = page.locator(SENTENCE).locator("visible=true")
    expect(sentence.first).to_be_visible()
    assert sentence.count() == 1, sentence.all_inner_texts()
    return sentence.inner_text()


def keeps(page: Page, verb: str) -> None:
    """What was typed can still be seen."""
    play = PLAYS[verb]
    if play.words or verb == "save_draft":
        assert page.evaluate(KEPT, WHY), f"{verb}: the reason is gone"
    if play.ready in (typed, decided):
        assert page.evaluate(KEPT, FIGURE), f"{verb}: the form is gone"
