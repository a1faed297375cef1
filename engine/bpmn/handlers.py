"""`bihuan:nextHandler`: which later steps a person may hand to whom, as the diagram writes it.

`check → = holders(post(assessor, "office.reviewer")); sign → = [post(unit, "head")]`: the id of a user task,
an arrow (`→` or `->`) and FEEL that gives people or posts.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_ARROW = re.compile(r"\s*(?:→|->)\s*")
_ID = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)


class Unreadable(ValueError):
    """A choice that means nothing; the sentence says which."""


@dataclass(frozen=True)
class HandlerChoice:
    """Who may be chosen for the user task `element_id`: FEEL, evaluated before the choosing step is done."""

    element_id: str
    candidates: str


def handler_choices(properties: Mapping[str, str]) -> list[HandlerChoice]:
    """The choices that a step offers, in the order written. Raises `Unreadable`."""
    found = []
    for part in _parts(properties.get("bihuan:nextHandler", "")):
        pieces = _ARROW.split(part, maxsplit=1)
        if len(pieces) != 2 or not _ID.fullmatch(pieces[0].strip()) or not pieces[1].strip("= \n"):
            raise Unreadable(f"看不懂下一办理人 “{part}”。")
        found.append(HandlerChoice(pieces[0].strip(), pieces[1].strip()))
    return found


def _parts(text: str) -> list[str]:
    """Split at semicolons that stand outside strings."""
    parts, start, inside = [], 0, False
    for place, character in enumerate(text):
        if character == '"' and (place == 0 or text[place - 1] != "\\"):
            inside = not inside
        elif character in ";；" and not inside:
            parts.append(text[start:place])
            start = place + 1
    return [part.strip() for part in (*parts, text[start:]) if part.strip()]
