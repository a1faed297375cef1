"""From what a browser posts to a form's data.

Names are paths: `unit.phone`, `targets.0.name`, `targets.0.milestones.2.value`. Row numbers only
sort; gaps (rows removed in the browser) close up. A container's own name, posted empty, says that
it was on the page, so that an emptied list differs from one that was not shown. Four names are not
fields but buttons: `_row_add` (value: path of the list), `_row_remove` (path of the row),
`_refresh`, and inside each row the hidden `_row` (which stored row it is).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

from forms.components import SEVERAL, Component
from forms.form import Form
from forms.paths import ROW_MARK, Path, joined, put_at
from forms.values import clean_text, read_value

MOST_ROWS: Final = 1_000
_MOST_FIELDS: Final = 50_000
_ROW_NUMBER = re.compile(r"[0-9]{1,6}")


class HasItems(Protocol):
    """A multi-dict such as Starlette's FormData."""

    def multi_items(self) -> Iterable[tuple[str, object]]:
        """Every (name, value), names may repeat."""


Pairs = HasItems | Mapping[str, object] | Iterable[tuple[str, object]]


@dataclass(frozen=True, slots=True)
class Edit:
    """A button inside the form was pressed: show the form again, do not check it.

    The row is already added or removed in the posted data. `focus` is the path of the list.
    """

    kind: Literal["add", "remove", "refresh"]
    focus: str = ""


@dataclass(frozen=True, slots=True)
class Posted:
    """What was posted: fields as nested data, uploads by field path, and the edit if there is one.

    A field that was not on the page is missing in `data`; a checkbox that is missing is False.
    """

    data: dict[str, object]
    edit: Edit | None = None
    uploads: dict[str, list[object]] = field(default_factory=dict)


def parse_post(form: Form, fields: Pairs) -> Posted:
    """Read a posted form; unknown names are dropped, nothing is raised on any content.

    `fields` is a multi-dict (`multi_items()`), a mapping (values may be lists) or pairs. Values
    that are not text are taken for uploads; those without a file name are dropped.
    """
    parser = _Parser(dict(_grouped(fields)))
    data = parser.level(form.root, ())
    return Posted(data=data, edit=parser.edit(), uploads=parser.uploads)


def attach(data: dict[str, object], path: str, ids: Iterable[str]) -> None:
    """Add the ids of stored uploads to the file field at `path` (a key of `Posted.uploads`)."""
    holder: object = data
    *way, last = path.split(".")
    for part in way:
        if isinstance(holder, list):
            holder = holder[int(part)]
        elif isinstance(holder, dict):
            holder = holder.setdefault(part, {})
    if isinstance(holder, dict):
        kept = holder.get(last)
        holder[last] = [*(kept if isinstance(kept, list) else []), *ids]


def _grouped(fields: Pairs) -> dict[str, list[object]]:
    if isinstance(fields, Mapping) and not hasattr(fields, "multi_items"):
        return {
            str(name): list(value) if isinstance(value, list | tuple) else [value]
            for name, value in fields.items()
        }
    pairs = fields.multi_items() if hasattr(fields, "multi_items") else fields
    grouped: dict[str, list[object]] = {}
    for number, (name, value) in enumerate(pairs):
        if number >= _MOST_FIELDS:
            break
        grouped.setdefault(name, []).append(value)
    return grouped


class _Parser:
    def __init__(self, fields: dict[str, list[object]]) -> None:
        self.fields = fields
        self.uploads: dict[str, list[object]] = {}
        self.numbers: dict[tuple[str, ...], set[str]] = {}
        for name in fields:
            parts = name.split(".", 40)
            for place, part in enumerate(parts):
                if _ROW_NUMBER.fullmatch(part):
                    self.numbers.setdefault(tuple(parts[:place]), set()).add(part)
        self.add = self._button("_row_add")
        self.remove = self._button("_row_remove")

    def _button(self, name: str) -> str | None:
        values = self.fields.get(name)
        return values[0] if values and isinstance(values[0], str) else None

    def edit(self) -> Edit | None:
        """Which of the form's own buttons was pressed."""
        if self.add is not None:
            return Edit("add", self.add)
        if self.remove is not None:
            return Edit("remove", self.remove.rpartition(".")[0])
        return Edit("refresh") if "_refresh" in self.fields else None

    def level(self, container: Component, path: Path, shown: Path = ()) -> dict[str, object]:
        """One scope. `path` is as posted, `shown` the same with gaps closed."""
        data: dict[str, object] = {}
        for child in container.own_fields():
            here, there = path + child.local, shown + child.local
            if child.kind == "dynamiclist":
                rows = self._rows(child, here, there)
                if rows is not None:
                    put_at(data, child.local, rows)
            elif child.kind != "expression":
                self._field(child, here, there, data)
        return data

    def _rows(self, child: Component, path: Path, shown: Path) -> list[dict[str, object]] | None:
        name = joined(path)
        found = self.numbers.get(tuple(name.split(".")), set())
        removed = self.remove or ""
        if not found and name not in self.fields and self.add != name:
            return None
        numbers = [number for number in sorted(found, key=int)[:MOST_ROWS] if f"{name}.{number}" != removed]
        rows: list[dict[str, object]] = []
        for number in numbers:
            row = self.level(child, (*path, number), (*shown, len(rows)))
            mark = self.fields.get(f"{name}.{number}.{ROW_MARK}", [""])[0]
            rows.append({**row, ROW_MARK: clean_text(mark)[:100] if isinstance(mark, str) else ""})
        if self.add == name and len(rows) < MOST_ROWS:
            rows.append({ROW_MARK: ""})
        return rows

    def _field(self, child: Component, path: Path, shown: Path, data: dict[str, object]) -> None:
        given = self.fields.get(joined(path))
        texts = [item for item in given or [] if isinstance(item, str)]
        if child.kind == "filepicker":
            sent = [
                item for item in given or [] if not isinstance(item, str) and getattr(item, "filename", None)
            ]
            if sent:
                self.uploads[joined(shown)] = sent
        if child.kind == "checkbox":
            put_at(data, child.local, any(read_value(child, text) for text in texts))
        elif given is None:
            return
        elif child.kind in SEVERAL:
            put_at(data, child.local, read_value(child, texts, child.options))
        elif texts:
            put_at(data, child.local, read_value(child, texts[-1], child.options))
