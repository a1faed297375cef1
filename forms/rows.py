"""Which posted row of a dynamic list is which stored row.

A shown row carries a mark (`_row`): the stored row's `id`, `#3` for the fourth row without one,
empty for a new row. Where no row has a mark or an id (plain JSON), rows are paired by position.
Rows with `locked: true` may be filled in (where their fields are not read-only) but never removed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from forms.components import Component
from forms.paths import ROW_MARK

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Match:
    """A row of the merged list: what was posted for it, and the stored row it stands for."""

    posted: Row
    stored: Row | None
    mark: str

    @property
    def stays(self) -> bool:
        """Whether the row may not be removed."""
        return self.stored is not None and self.stored.get("locked") is True


def row_marks(component: Component, rows: Sequence[Row]) -> list[str]:
    """A mark for each stored row, no mark twice."""
    names = {field.local[0] for field in component.own_fields()}
    marks: list[str] = []
    for index, row in enumerate(rows):
        given = row.get("id")
        usable = isinstance(given, str | int) and "id" not in names and str(given) not in marks
        marks.append(str(given) if usable and given != "" else f"#{index}")
    return marks


def match_rows(
    component: Component, posted: Sequence[Row], stored: Sequence[Row], *, fixed: bool
) -> list[Match]:
    """Pair posted rows with stored ones.

    With `fixed` (a read-only list, or one without adding and removing) the result has exactly the
    stored rows; otherwise it follows the posted order, and locked rows that are missing come back.
    """
    marks = row_marks(component, stored)
    by_mark = dict(zip(marks, stored, strict=True))
    matches: list[Match] = []
    bare = not any(ROW_MARK in row or "id" in row for row in posted)
    for index, row in enumerate(posted):
        mark = _mark_of(row, by_mark)
        if bare and index < len(marks):
            mark = marks[index]
        original = by_mark.pop(mark, None) if mark is not None else None
        matches.append(Match(row, original, mark if original is not None and mark is not None else ""))
    if fixed:
        found = {match.mark: match for match in matches if match.mark}
        return [found.get(mark) or Match({}, row, mark) for mark, row in zip(marks, stored, strict=True)]
    for index, (mark, row) in enumerate(zip(marks, stored, strict=True)):
        if mark in by_mark and row.get("locked") is True:
            matches.insert(min(index, len(matches)), Match({}, row, mark))
    return matches


def _mark_of(row: Row, by_mark: Mapping[str, Row]) -> str | None:
    for name in (ROW_MARK, "id"):
        given = row.get(name)
        if isinstance(given, str | int) and str(given) in by_mark:
            return str(given)
    return None
