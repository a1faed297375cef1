"""Markdown of text components as HTML: no raw HTML, no pictures, no scripts in links."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from markdown_it import MarkdownIt
from markupsafe import Markup

from forms.expressions import Scope, Template
from forms.inert import LINE_BREAK, inert_scope, revive

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~&:/@='\"])")


def markdown_of(template: Template, scope: Scope) -> Markup:
    """Fill in a text and render it. What comes from data is shown literally, never as markup.

    That holds for `{{…}}` and for texts that are one expression: there only the designer's own literals
    are Markdown. Line breaks of the data are kept.
    """
    seen = inert_scope(scope) if template.whole else scope
    source = "".join(_literal(piece) if from_data else piece for piece, from_data in template.fill(seen))
    # Raw HTML is off, so the parser escapes everything, and so does `revive`.
    return Markup(revive(_parser().render(source)))  # noqa: S704


def _literal(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.strip().splitlines())
    return LINE_BREAK.join(_SPECIAL.sub(r"\\\1", line) for line in lines)


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
