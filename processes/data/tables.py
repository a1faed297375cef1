"""Reads the tables of this folder from the installed package."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

Row = dict[str, str]

AWAITED = frozenset({"city", "province", "office"})
"""Who gives a value later, where a table names one in place of a number."""


@cache
def rows_of(name: str) -> tuple[Row, ...]:
    """All rows of `<name>.csv`, cells as text; `_line` is the row's line in the file."""
    text = (files("processes.data") / f"{name}.csv").read_text("utf-8")
    reader = csv.DictReader(text.splitlines())
    return tuple({**row, "_line": str(reader.line_num)} for row in reader)


@dataclass(frozen=True)
class MeasureRow:
    """One measure of a target in one year: a `value`, or who `awaits` to give it."""

    indicator_code: str
    target_code: str
    position: int
    name: str
    unit: str
    direction: str
    comparator: str
    kind: str
    value: str | None
    awaits: str


def measures_of(target_code: str, year: int) -> list[MeasureRow]:
    """The measures of KPI or special target `target_code` in `year`, in order; empty when it has none."""
    special = target_code.startswith("ST")
    code_column = "target_code" if special else "kpi_code"
    found = []
    for row in rows_of("special_measures" if special else "kpi_measures"):
        cell = row.get(f"value_{year}", "none")
        if row[code_column] == target_code and cell != "none":
            found.append(_measure(row, target_code, cell))
    return found


def _measure(row: Row, target_code: str, cell: str) -> MeasureRow:
    awaits = cell if cell in AWAITED else ""
    return MeasureRow(
        indicator_code=row["indicator_code"],
        target_code=target_code,
        position=int(row["position"]),
        name=row["name"],
        unit=row["unit"],
        direction=row["direction"],
        comparator=row["comparator"],
        kind=row["kind"],
        value=None if awaits else cell,
        awaits=awaits,
    )
