"""Builds the views of a form: walks components and data side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from forms.affecting import EVERY, affecting
from forms.components import CHOICES, INPUTS, Component
from forms.examine import Examined
from forms.expressions import Scope, as_text
from forms.form import Form
from forms.markdown import markdown_of
from forms.merge import Merged, choices, is_on
from forms.paths import MISSING, ROW_MARK, Path, get_at, joined
from forms.rows import Row
from forms.scope import row_scope
from forms.shown import choice_views, entered, in_words, input_type
from forms.values import rows_of
from forms.views import FileLink, ListView, Mode, RowView, View
from forms.words import words_in

_WIDEST_TABLE = 6


@dataclass(frozen=True, slots=True)
class Here:
    """Where the builder stands: the data of this scope, its names, its path and row numbers."""

    row: Row
    scope: Scope
    path: Path = ()
    indexes: tuple[int, ...] = ()

    @property
    def is_new(self) -> bool:
        """Whether this is the empty row that the browser copies for new ones."""
        return -1 in self.indexes


class Builder:
    """Builds views for one rendering."""

    def __init__(
        self,
        form: Form,
        merged: Merged,
        examined: Examined,
        *,
        errors: Mapping[str, str],
        language: str,
        mode: Mode,
        files: Mapping[str, FileLink],
    ) -> None:
        self.merged = merged
        self.hidden = examined.hidden
        self.errors = errors
        self.language = language
        self.words = words_in(language)
        self.mode = mode
        self.files = files
        self.affecting = affecting(form.root) if mode == "edit" else frozenset()

    def lines(self, container: Component, here: Here) -> list[list[View]]:
        """The components of a container, those of one layout row together, widths shared out."""
        lines: list[list[tuple[Component, View]]] = []
        last = ""
        for child in container.children:
            if child.kind == "button" or self._is_hidden(child, here):
                continue
            view = self._view(child, here)
            if child.kind == "text" and not view.html.strip():
                continue
            if not child.look.row or child.look.row != last:
                lines.append([])
            last = child.look.row
            lines[-1].append((child, view))
        return [_shared_out(line) for line in lines]

    def _is_hidden(self, child: Component, here: Here) -> bool:
        if here.is_new:
            return bool(child.hide and child.hide.truth(here.scope, failing=False))
        return (child.at, here.indexes) in self.hidden

    def _view(self, child: Component, here: Here) -> View:
        path = here.path + child.local
        name = joined(path) if child.holds_data else child.id
        place = name if child.holds_data else f"{joined(here.path)}-{name}"
        view = View(
            kind=child.kind,
            id="f-" + place.replace(".", "-"),
            name=name,
            label=child.text("label", self.language).text(here.scope),
            description=child.text("description", self.language).text(here.scope),
            error=self.errors.get(name, "") if child.holds_data else "",
            locked=(child.at, here.indexes) in self.merged.locked or child.kind == "expression",
            outline=child.look.outline,
            height=child.look.height,
        )
        if child.kind in INPUTS:
            self._fill(view, child, here)
        elif child.kind == "group":
            view.lines = self.lines(child, here)
        elif child.kind == "dynamiclist":
            view.listing = self._listing(child, here, locked=view.locked)
        elif child.kind == "text":
            view.html = markdown_of(child.text("text", self.language), here.scope)
        elif child.kind == "table":
            view.columns, view.cells = _table(child, here.scope)
        return view

    def _fill(self, view: View, child: Component, here: Here) -> None:
        value = get_at(here.row, child.local)
        value = None if value is MISSING else value
        look = child.look
        if child.kind in CHOICES:
            view.choices = choice_views(value, choices(child, here.scope), gone=self.words["gone"])
        if child.kind == "filepicker" and isinstance(value, list):
            view.files = [self.files.get(str(item)) or FileLink(str(item), str(item)) for item in value]
        limit = child.rules.max_length
        view.max_length = int(limit) if isinstance(limit, Decimal) else None
        view.required = not view.locked and is_on(child.rules.required, here.scope, failing=False)
        view.value = entered(child, value)
        view.shown = in_words(child, value, view.choices, self.words)
        view.checked = value is True
        view.input_type = input_type(child, view.value)
        view.prefix, view.suffix = look.prefix.text(here.scope), look.suffix.text(here.scope)
        view.step = format(look.step, "f") if look.step is not None else ""
        view.accept, view.multiple = look.accept, child.multiple
        view.affects = child.path in self.affecting or EVERY in self.affecting

    def _listing(self, child: Component, here: Here, *, locked: bool) -> ListView:
        path = here.path + child.local
        as_table = _fits_table(child)
        may_add = self.mode == "edit" and child.may_add and not locked
        data = rows_of(get_at(here.row, child.local), most=100_000)
        columns = self._columns(child, here, len(data)) if as_table else ()
        rows = [
            self._row(child, here, row, index, removable=may_add, columns=columns)
            for index, row in enumerate(data)
        ]
        new = self.merged.fresh.get((child.at, here.indexes)) if may_add else None
        return ListView(
            name=joined(path),
            level=len(here.indexes),
            as_table=as_table,
            heads=[field.text("label", self.language).text(here.scope) for field in columns],
            rows=rows,
            may_add=may_add,
            fresh=self._row(child, here, new, -1, removable=True, columns=columns)
            if new is not None
            else None,
        )

    def _columns(self, child: Component, here: Here, rows: int) -> tuple[Component, ...]:
        """The fields of a list shown as a table; one that is hidden in every row has no column."""
        if not rows:
            return child.children
        return tuple(
            field
            for field in child.children
            if any((field.at, (*here.indexes, index)) not in self.hidden for index in range(rows))
        )

    def _row(
        self,
        child: Component,
        here: Here,
        row: Row,
        index: int,
        *,
        removable: bool,
        columns: tuple[Component, ...],
    ) -> RowView:
        number = index if index >= 0 else f"__row{len(here.indexes)}__"
        path = (*here.path, *child.local, number)
        indexes = (*here.indexes, index)
        inner = Here(row, row_scope(here.scope, row, index), path, indexes)
        stays = (child.at, indexes) in self.merged.staying
        mark = row.get(ROW_MARK, "")
        as_table = _fits_table(child)
        return RowView(
            name=joined(path),
            number=index + 1 if index >= 0 else None,
            title=child.look.row_title.text(inner.scope).strip(),
            mark=mark if isinstance(mark, str) else "",
            locked=stays,
            removable=removable and not stays,
            lines=[] if as_table else self.lines(child, inner),
            cells=[None if self._is_hidden(field, inner) else self._view(field, inner) for field in columns],
        )


def _shared_out(line: list[tuple[Component, View]]) -> list[View]:
    """Give the components without a width equal parts of what the others leave of 16 columns."""
    taken = sum(component.look.columns or 0 for component, _ in line)
    open_ones = sum(1 for component, _ in line if component.look.columns is None)
    share = max(1, (16 - taken) // open_ones) if open_ones and taken < 16 else 16
    return [replace(view, span=component.look.columns or share) for component, view in line]


def _fits_table(child: Component) -> bool:
    """Whether a list's rows fit on one line each; the property `rows.as` (table, cards) decides first."""
    simple = all(field.kind in INPUTS for field in child.children)
    if child.look.rows_as or not simple:
        return child.look.rows_as == "table" and simple
    wide = any(field.kind in ("textarea", "filepicker", "checklist", "taglist") for field in child.children)
    return not wide and len(child.children) <= _WIDEST_TABLE


def _table(child: Component, scope: Scope) -> tuple[list[str], list[list[str]]]:
    found = child.source.value(scope) if child.source else None
    rows = [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
    columns = [(column.key, column.label) for column in child.look.table_columns]
    computed = child.look.table_columns_from.value(scope) if child.look.table_columns_from else None
    for column in computed if isinstance(computed, list) else []:
        if isinstance(column, dict):
            columns.append((as_text(column.get("key")), as_text(column.get("label"))))
    return [label for _, label in columns], [[as_text(row.get(key)) for key, _ in columns] for row in rows]
