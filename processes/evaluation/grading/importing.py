"""导入分项得分: marks of many units from an Excel or CSV file; all of it, or every line that is wrong.

One line a unit: its name, a column for each component by its label, and what the marks rest on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from sqlalchemy import Connection

from engine.people.refusals import NameUnknown, PeopleRefused
from engine.people.units import resolve
from engine.people.workbook import OWN_LIMITS, ImportRefused, Line, LineError, Sheet, read_workbook
from processes.cycle.reading import cycle_of, scheme_of
from processes.evaluation.grading.csv_file import plain, read_csv
from processes.evaluation.grading.deciding import current_grades
from processes.evaluation.grading.entering import Mark, enter_marks, fault_of
from processes.evaluation.grading.marks import Component, assessed_units, components_of

UNIT, BASIS = "单位", "依据"
MOST_BYTES = 5_000_000


class AlreadyGraded(Exception):
    """The year is graded: marks change by appeals only."""

    def __init__(self) -> None:
        super().__init__("本年度已经定级，分项得分不能再导入。有错的，由单位申诉更正。")


@dataclass(frozen=True)
class Imported:
    """How many units and marks were taken."""

    units: int
    marks: int


def columns_of(content: Mapping[str, object]) -> list[str]:
    """The columns of the file under a profile."""
    return [UNIT, *(component.label for component in components_of(content)), BASIS]


def import_marks(
    connection: Connection,
    data: bytes,
    *,
    cycle_id: str,
    by: str | None,
    by_unit: str | None,
    at: datetime,
) -> Imported:
    """Take a file for a cycle, or nothing of it. Raises ImportRefused with every error, AlreadyGraded."""
    if current_grades(connection, cycle_id):
        raise AlreadyGraded
    components = components_of(scheme_of(connection, cycle_id))
    sheet = _sheet(data)
    _refuse_columns(sheet, components)
    run = _Reading(connection, cycle_id, components)
    taken = [found for line in sheet.lines if (found := run.line(sheet.name, line)) is not None]
    if not run.errors and not taken:
        run.errors.append(LineError(sheet.name, 0, "", "文件里没有得分。", "请按模板每个单位填一行。"))
    if run.errors:
        raise ImportRefused(run.errors)
    for unit_id, marks in taken:
        enter_marks(
            connection, cycle_id=cycle_id, unit_id=unit_id, marks=marks, by=by, by_unit=by_unit, at=at
        )
    return Imported(len(taken), sum(len(marks) for _unit, marks in taken))


def _sheet(data: bytes) -> Sheet:
    if len(data) > MOST_BYTES:
        raise ImportRefused([LineError("", 0, "", "文件太大：不能超过 5 MB。", "请分成几个文件导入。")])
    if data.startswith(b"PK"):
        sheets = list(read_workbook(data, limits=OWN_LIMITS).values())
        if not sheets:
            raise ImportRefused([LineError("", 0, "", "文件里没有表格。", "请用模板填写，再上传。")])
        return _plain(sheets[0])
    return _csv(data)


def _plain(sheet: Sheet) -> Sheet:
    """A sheet that was filled in as CSV and kept as Excel reads as the CSV does."""
    lines = (
        Line(line.number, {plain(name): plain(cell) for name, cell in line.cells.items()})
        for line in sheet.lines
    )
    return Sheet(sheet.name, tuple(map(plain, sheet.columns)), tuple(lines))


def _csv(data: bytes) -> Sheet:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            message = "文件既不是 .xlsx，也不是 CSV 文本。"
            raise ImportRefused([LineError("", 0, "", message, "请用模板填写，再上传。")]) from None
    rows = read_csv(text)
    columns = rows[0] if rows else []
    lines = [
        Line(number, dict(zip(columns, [*row, *[""] * len(columns)], strict=False)))
        for number, row in enumerate(rows[1:], 2)
        if any(row)
    ]
    return Sheet("CSV", tuple(name for name in columns if name), tuple(lines))


def _refuse_columns(sheet: Sheet, components: Sequence[Component]) -> None:
    known = {UNIT, BASIS, *(component.label for component in components)}
    errors = [
        LineError(
            sheet.name, 1, name, f"没有“{name}”这个分项。", f"本方案的列是：{'、'.join(sorted(known))}。"
        )
        for name in sheet.columns
        if name not in known
    ]
    errors += [
        LineError(sheet.name, 1, name, f"缺少“{name}”这一列。", "请用模板填写。")
        for name in (UNIT, BASIS)
        if name not in sheet.columns
    ]
    if errors:
        raise ImportRefused(errors)


class _Reading:
    """Lines being read: what was wrong so far."""

    def __init__(self, connection: Connection, cycle_id: str, components: Sequence[Component]) -> None:
        self._connection, self._components = connection, components
        self._assessor = cycle_of(connection, cycle_id)["assessor_id"]
        self._assessed = {unit["id"] for unit in assessed_units(connection, cycle_id)}
        self._seen: dict[str, int] = {}
        self.errors: list[LineError] = []

    def line(self, sheet: str, line: Line) -> tuple[str, list[Mark]] | None:
        """The unit and its marks; None when something is wrong with the line."""
        before = len(self.errors)
        unit_id = self._unit(sheet, line)
        basis = line.cells.get(BASIS, "")
        marks = [mark for one in self._components if (mark := self._mark(sheet, line, one, basis))]
        if not basis and any(line.cells.get(one.label) for one in self._components):
            self.errors.append(
                LineError(sheet, line.number, BASIS, "没有写依据。", "请写明得分的文件或来源。")
            )
        return (unit_id, marks) if unit_id and marks and len(self.errors) == before else None

    def _unit(self, sheet: str, line: Line) -> str:
        name = line.cells.get(UNIT, "")
        try:
            unit_id = resolve(self._connection, name, assessor_id=self._assessor).id
        except NameUnknown as unknown:
            self._wrong(sheet, line, unknown)
            return ""
        if unit_id not in self._assessed:
            said = f"“{name}”本年度不参加考评。"
            self.errors.append(LineError(sheet, line.number, UNIT, said, "请删去这一行。"))
        elif unit_id in self._seen:
            said = f"“{name}”在第 {self._seen[unit_id]} 行已经写过。"
            self.errors.append(LineError(sheet, line.number, UNIT, said, "每个单位写一行。"))
        self._seen.setdefault(unit_id, line.number)
        return unit_id

    def _wrong(self, sheet: str, line: Line, refused: PeopleRefused) -> None:
        self.errors.append(LineError(sheet, line.number, UNIT, refused.message, refused.hint))

    def _mark(self, sheet: str, line: Line, component: Component, basis: str) -> Mark | None:
        text = line.cells.get(component.label, "")
        if not text:
            return None
        if component.kind == "flag":  # the matter that vetoes, in words; 无 for none
            return (component, Decimal(0), "") if text in ("无", "否", "0") else (component, Decimal(1), text)
        try:
            value = Decimal(text)
            fault = fault_of(component, value) if value.is_finite() else f"“{text}”不是数"
        except InvalidOperation:
            fault = f"“{text}”不是数"
        if fault:
            self.errors.append(
                LineError(sheet, line.number, component.label, f"{fault}。", "请改正后再导入。")
            )
            return None
        return component, value, basis
