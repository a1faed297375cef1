"""Markdown of text components as HTML: no raw HTML, no pictures, no scripts in links."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from markdown_it import MarkdownIt
from markupsafe import Markup

from forms.expressions import Scope, Template

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~&:/@])")


def markdown_of(template: Template, scope: Scope) -> Markup:
    """Fill in a text and render it. What `{{…}}` puts in from data is shown literally, never as markup."""
    source = "".join(_literal(piece) if from_data else piece for piece, from_data in template.fill(scope))
    return Markup(_parser().render(source))  # noqa: S704 - raw HTML is off, so the parser escapes everything


def _literal(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
