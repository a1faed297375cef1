"""Renders a form as HTML that works without JavaScript (Bootstrap's and Tabler's class names).

The page owns the `<form>` element (method post, `enctype="multipart/form-data"`, `novalidate`), its
buttons and its token against forged requests; this gives everything between.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from forms.build import Builder, Here
from forms.components import INPUTS
from forms.expressions import Functions
from forms.form import Form
from forms.messages import Sentences
from forms.prepare import prepare
from forms.scope import root_scope
from forms.views import FileLink, Mode, View
from forms.words import whereabouts, words_in


class Sentence(Protocol):
    """A field error of this room or of a record binding."""

    @property
    def field(self) -> str:
        """The field's path."""

    @property
    def message(self) -> str:
        """What to correct."""


def render(
    form: Form,
    *,
    data: Mapping[str, object] | None = None,
    errors: Iterable[Sentence] = (),
    readonly: Collection[str] = (),
    context: Mapping[str, object] | None = None,
    stored: Mapping[str, object] | None = None,
    functions: Functions | None = None,
    language: str = "zh",
    mode: Mode = "edit",
    files: Mapping[str, FileLink] | None = None,
) -> Markup:
    """Render a form.

    `stored` is the record's data (with locked rows and option lists), `data` what was entered since
    (a draft, `Posted.data` after an edit, `Checked.shown` after errors); without `stored`, `data` is
    taken for it. `mode` is `edit`, `read` (text only) or `print` (text in a bordered table look).
    `files` gives name and address of attached files by id.
    """
    builder, here, messages, placed = _built(
        form,
        data=data,
        errors=errors,
        readonly=readonly,
        context=context,
        stored=stored,
        functions=functions,
        language=language,
        mode=mode,
        files=files,
    )
    lines = builder.lines(form.root, here)
    return _printed(form, lines, messages, placed=placed, language=language, mode=mode)


def read_views(
    form: Form,
    *,
    data: Mapping[str, object] | None = None,
    readonly: Collection[str] = (),
    context: Mapping[str, object] | None = None,
    stored: Mapping[str, object] | None = None,
    functions: Functions | None = None,
    language: str = "zh",
    files: Mapping[str, FileLink] | None = None,
) -> list[list[View]]:
    """What `render` shows for reading, as views instead of HTML: for other kinds of paper."""
    builder, here, _, _ = _built(
        form,
        data=data,
        errors=(),
        readonly=readonly,
        context=context,
        stored=stored,
        functions=functions,
        language=language,
        mode="print",
        files=files,
    )
    return builder.lines(form.root, here)


def open_fields(
    form: Form,
    *,
    stored: Mapping[str, object],
    readonly: Collection[str] = (),
    context: Mapping[str, object] | None = None,
    functions: Functions | None = None,
    language: str = "zh",
) -> list[str]:
    """The labels of the fields and lists that may be written now; empty when the form is only to be read."""
    builder, here, _, _ = _built(
        form,
        data={},
        errors=(),
        readonly=readonly,
        context=context,
        stored=stored,
        functions=functions,
        language=language,
        mode="edit",
        files=None,
    )
    return list(dict.fromkeys(_open(builder.lines(form.root, here))))


def _open(lines: Iterable[Iterable[View]]) -> Iterator[str]:
    for view in (view for line in lines for view in line):
        if view.kind == "group":
            yield from _open(view.lines)
        elif view.listing is not None:
            if view.listing.may_add:
                yield view.label or view.name
            for row in view.listing.rows:
                yield from _open([*row.lines, [cell for cell in row.cells if cell]])
        elif view.kind in INPUTS and not view.locked:
            yield view.label or view.name


def _built(
    form: Form,
    *,
    data: Mapping[str, object] | None,
    errors: Iterable[Sentence],
    readonly: Collection[str],
    context: Mapping[str, object] | None,
    stored: Mapping[str, object] | None,
    functions: Functions | None,
    language: str,
    mode: Mode,
    files: Mapping[str, FileLink] | None,
) -> tuple[Builder, Here, Mapping[str, str], set[str]]:
    """The builder of the views, where it begins, the sentences by field, and the fields that are there."""
    record, entered = (stored, data or {}) if stored is not None else (data or {}, {})
    merged, found = prepare(
        form,
        entered,
        context=context or {},
        readonly=readonly,
        stored=record,
        files=(files or {}).keys(),
        functions=functions,
        sentences=Sentences(language),
        fresh=mode == "edit",
    )
    messages = {error.field: error.message for error in errors}
    builder = Builder(form, merged, found, errors=messages, language=language, mode=mode, files=files or {})
    scope = root_scope(context or {}, record, found.data, functions=functions)
    return builder, Here(found.data, scope), messages, set(found.order)


def _printed(
    form: Form,
    lines: list[list[View]],
    messages: Mapping[str, str],
    *,
    placed: set[str],
    language: str,
    mode: Mode,
) -> Markup:
    template = _environment().get_template("form.html" if mode == "edit" else "reading.html")
    html = template.render(
        form_id=form.id,
        lines=lines,
        errors=[(name, whereabouts(form, name, language) + text) for name, text in messages.items()],
        placed=placed,
        words=words_in(language),
        mode=mode,
        conditions=form.has_conditions,
    )
    return Markup(html)  # noqa: S704 - the templates escape everything they print


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
