"""Filling in a task's form at its page, field by field, as a person does."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from playwright.sync_api import FilePayload, Locator, Page

from tests.browser.chromium import each

PAPER: FilePayload = {
    "name": "佐证材料.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
}
SENT = "paper:"
"""What stands in an answer where a file is to be handed in."""
PASSES = 4
"""A field may appear only after another one was filled in, and so on."""
FIELDS = """() => {
  const found = {};
  for (const one of document.querySelectorAll('#task [name]')) {
    if (one.type === 'hidden' || one.tagName === 'BUTTON') continue;
    const box = one.type === 'radio' || one.type === 'checkbox';
    const here = found[one.name] ??= {kind: box ? one.type : one.tagName === 'SELECT' ? 'select' : one.type,
                                      value: box ? [] : one.value, affects: false};
    if (box && one.checked) here.value.push(one.value);
    here.affects ||= one.hasAttribute('data-affects') || !!one.closest('fieldset[data-affects]');
  }
  return found;
}"""
ROWS = """(list) => [...list.querySelectorAll('[data-row]')]
  .filter(row => row.parentElement.closest('[data-list]') === list && !row.closest('template'))
  .map(row => row.dataset.row)"""


def fill_form(page: Page, fields: Mapping[str, Any]) -> None:
    """Write an answer into the form. What the page shows as locked, or not at all, is left alone."""
    for _pass in range(PASSES):
        _add_rows(page, fields)
        wanted = dict(_texts(page, fields, ""))
        if not _write(page, wanted):
            return


def _write(page: Page, wanted: Mapping[str, Any]) -> bool:
    """One pass over the fields; True when one of them has let others appear."""
    for name, now in page.evaluate(FIELDS).items():
        if name not in wanted or _same(now, wanted[name]):
            continue
        if now["affects"]:
            page.evaluate("() => { document.querySelector('[data-bihuan-form]').dataset.old = '1' }")
        _set(page, name, now["kind"], wanted[name])
        if now["affects"]:
            page.wait_for_function("() => !document.querySelector('[data-bihuan-form][data-old]')")
            return True
    return False


def _same(now: Mapping[str, Any], wanted: Any) -> bool:
    if now["kind"] in ("radio", "checkbox"):
        return sorted(now["value"]) == sorted(_tokens(wanted))
    if now["kind"] == "file":
        return bool(now["value"]) or not any(one.startswith(SENT) for one in _tokens(wanted))
    return bool(now["value"] == _text(wanted))


def _set(page: Page, name: str, kind: str, value: Any) -> None:
    field = page.locator(f'#task [name="{name}"]:not([type=hidden])')
    if kind in ("radio", "checkbox"):
        for box in each(field):
            _tick(box, box.get_attribute("value") in _tokens(value))
    elif kind == "file":
        field.set_input_files(PAPER)
    elif kind == "select":
        field.select_option(_text(value))
    else:
        field.fill(_text(value))
        field.blur()


def _tick(box: Locator, wanted: bool) -> None:
    if wanted and not box.is_checked():
        box.check()
    elif not wanted and box.is_checked() and box.get_attribute("type") == "checkbox":
        box.uncheck()


def _add_rows(page: Page, fields: Mapping[str, Any], above: str = "") -> None:
    """添加一行, until there are as many rows as the answer has."""
    for key, value in fields.items():
        name = f"{above}{key}"
        if not isinstance(value, list) or not any(isinstance(row, Mapping) for row in value):
            continue
        listing = page.locator(f'[data-list="{name}"]')
        if not listing.count():
            continue
        add = listing.locator(f'[data-row-add][value="{name}"]')
        for _missing in range(len(value) - len(listing.evaluate(ROWS))):
            if add.count():
                add.click()
        for row, place in zip(value, listing.evaluate(ROWS), strict=False):
            _add_rows(page, row, f"{place}.")


def _texts(page: Page, fields: Mapping[str, Any], above: str) -> Iterator[tuple[str, Any]]:
    """Every field's name as the page has it, and what is wanted there."""
    for key, value in fields.items():
        name = f"{above}{key}"
        if isinstance(value, Mapping):
            yield from _texts(page, value, f"{name}.")
        elif isinstance(value, list) and any(isinstance(row, Mapping) for row in value):
            listing = page.locator(f'[data-list="{name}"]')
            places = listing.evaluate(ROWS) if listing.count() else []
            for row, place in zip(value, places, strict=False):
                yield from _texts(page, row, f"{place}.")
        elif value is not None:
            yield name, value


def _tokens(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [_text(one) for one in values if one not in (None, "", False)]


def _text(value: Any) -> str:
    if value is True:
        return "true"
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else "" if value in (None, False) else str(value)
