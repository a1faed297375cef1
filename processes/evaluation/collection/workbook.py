"""Figures from an Excel file: a template with the body's orders, and reading it back, all or nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from io import BytesIO

import xlsxwriter

from engine.people.workbook import OWN_LIMITS, ImportRefused, Line, LineError, read_workbook
from processes.evaluation.collection.orders import Ordered

SHEET = "数据"
COLUMNS = ("单位", "目标", "指标", "计量单位", "年度目标", "完成值", "无数据", "说明")
KEYS = ("单位", "目标", "指标")
_MOST_DIGITS = 30
_YES, _NO = ("是", "√", "1"), ("", "否", "0")


@dataclass(frozen=True)
class Given:
    """What a line says of one order."""

    order_id: str
    value: str | None
    none: bool
    note: str

    def as_row(self) -> dict[str, object]:
        """As the entry form holds it."""
        return {"value": self.value, "none": self.none, "note": self.note}


def template(orders: Iterable[Ordered]) -> bytes:
    """An .xlsx with a line for each order, what was said already filled in."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
        sheet = book.add_worksheet(SHEET)
        sheet.freeze_panes(1, 0)
        for place, title in enumerate(COLUMNS):
            sheet.write_string(0, place, title, bold)
            sheet.set_column(place, place, 22)
        for number, order in enumerate(orders, start=1):
            for place, text in enumerate(_line(order)):
                sheet.write_string(number, place, text)
    return target.getvalue()


def read_entries(data: bytes, orders: Sequence[Ordered]) -> list[Given]:
    """What the file says of these orders. Raises ImportRefused with every line that is wrong."""
    sheets = read_workbook(data, limits=OWN_LIMITS)
    sheet = sheets.get(SHEET)
    if sheet is None:
        raise ImportRefused([LineError(SHEET, 0, "", f"没有工作表“{SHEET}”。", "请用本页下载的模板填写。")])
    missing = [name for name in (*KEYS, "完成值") if name not in sheet.columns]
    if missing:
        raise ImportRefused([LineError(SHEET, 1, name, "缺少这一列。", "请用模板填写。") for name in missing])
    known = {tuple(" ".join(text.split()) for text in _line(order)[:3]): order for order in orders}
    seen: dict[str, int] = {}
    found: list[Given] = []
    errors: list[LineError] = []
    for line in sheet.lines:
        order = known.get(tuple(" ".join(_cell(line, name).split()) for name in KEYS))
        wrong = _wrong(line, order, seen)
        errors += wrong
        if order is not None and not wrong:
            found.append(_given(line, order))
    if not sheet.lines:
        errors.append(LineError(SHEET, 0, "", "没有一行数据。"))
    if errors:
        raise ImportRefused(errors)
    return found


def _wrong(line: Line, order: Ordered | None, seen: dict[str, int]) -> list[LineError]:
    if order is None:
        said = "这一行不在您的采集单里：单位、目标和指标要与模板一致。"
        return [LineError(SHEET, line.number, "指标", said, "请下载最新的模板核对。")]
    before = seen.setdefault(str(order.row["id"]), line.number)
    if before != line.number:
        return [LineError(SHEET, line.number, "指标", f"与第 {before} 行重复。", "请只留一行。")]
    value, none = _cell(line, "完成值"), _cell(line, "无数据")
    if none not in (*_YES, *_NO):
        return [LineError(SHEET, line.number, "无数据", f"“{none}”看不懂。", "请写“是”或留空。")]
    if none in _YES and value:
        return [LineError(SHEET, line.number, "完成值", "已写“无数据”，不能再填数值。")]
    if none in _YES and not _cell(line, "说明"):
        return [LineError(SHEET, line.number, "说明", "没有数据的，要写明原因。")]
    if none in _NO and not value:
        said = "没有填数值。"
        return [LineError(SHEET, line.number, "完成值", said, "没有数据的，在“无数据”列写“是”，并写明原因。")]
    if value and _number(value) is None:
        return [LineError(SHEET, line.number, "完成值", f"“{value}”不是数字。", "只写数字，不写单位。")]
    return []


def _given(line: Line, order: Ordered) -> Given:
    none = _cell(line, "无数据") in _YES
    number = None if none else _number(_cell(line, "完成值"))
    value = None if number is None else format(number, "f")
    return Given(str(order.row["id"]), value, none, _cell(line, "说明"))


def _number(text: str) -> Decimal | None:
    plain = text.replace(",", "").replace("，", "")
    try:
        number = Decimal(plain) if len(plain) <= _MOST_DIGITS else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() and abs(number) < 10**15 else None


def _cell(line: Line, name: str) -> str:
    return line.cells.get(name, "").strip()


def _line(order: Ordered) -> list[str]:
    row = order.as_row()
    said = [row["value"] or "", "是" if row["none"] else "", row["note"]]
    return [str(row[name] or "") for name in ("about", "target", "name", "unit", "goal")] + [
        str(text) for text in said
    ]
