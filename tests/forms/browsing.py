"""What a browser without JavaScript would post for a page."""

from __future__ import annotations

from lxml import html
from markupsafe import Markup

Pairs = list[tuple[str, object]]


def parsed(page: Markup | str) -> html.HtmlElement:
    """The page as a tree, without the templates that browsers do not show."""
    tree = html.fromstring(f"<form>{page}</form>")
    for template in tree.xpath("//template"):
        template.getparent().remove(template)
    return tree


def posted(page: Markup | str, *, press: tuple[str, str] | None = None) -> Pairs:
    """The successful controls of the page, with the button (name, value) that was pressed."""
    pairs: Pairs = []
    for control in parsed(page).xpath("//input|//select|//textarea"):
        name, kind = control.get("name"), control.get("type")
        if control.tag == "select":
            options = control.xpath(".//option")
            chosen = [option for option in options if option.get("selected") is not None] or options[:1]
            pairs.extend((name, option.get("value")) for option in chosen)
        elif control.tag == "textarea":
            text = (control.text or "").replace("\r\n", "\n")
            pairs.append((name, text.removeprefix("\n").replace("\n", "\r\n")))
        elif kind in ("checkbox", "radio"):
            if control.get("checked") is not None:
                pairs.append((name, control.get("value")))
        elif kind != "file":
            pairs.append((name, control.get("value", "")))
    return [*pairs, press] if press else pairs


def buttons(page: Markup | str, name: str) -> list[str]:
    """The values of the page's buttons of that name."""
    return [button.get("value") for button in parsed(page).xpath(f"//button[@name='{name}']")]


def change(pairs: Pairs, **values: str) -> Pairs:
    """The same post with other values; `__` in a name stands for a dot."""
    wanted = {name.replace("__", "."): value for name, value in values.items()}
    missing = wanted.keys() - {name for name, _ in pairs}
    assert not missing, f"not on the page: {missing}"
    return [(name, wanted.get(name, value)) for name, value in pairs]
