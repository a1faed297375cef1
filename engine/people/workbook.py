"""Reading an Excel file that somebody sends: nothing is trusted before it is measured.

A file is refused that is no .xlsx, too big in any direction, encrypted, carries macros, formulas or a
document type, because what is imported must be what the sender saw in the cells.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO

from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook

from engine.people.refusals import PeopleRefused

_OLE = b"\xd0\xcf\x11\xe0"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(frozen=True)
class WorkbookLimits:
    """How big a file may be: bytes as sent, bytes unpacked, parts, lines, columns, letters in a cell."""

    sent: int = 10_000_000
    unpacked: int = 60_000_000
    parts: int = 500
    lines: int = 20_000
    columns: int = 60
    letters: int = 500


DEFAULT_LIMITS = WorkbookLimits()


@dataclass(frozen=True)
class LineError:
    """One thing wrong in a file: where (line as Excel counts; 0: the whole sheet), a sentence, what to do."""

    sheet: str
    line: int
    column: str
    message: str
    hint: str = ""


class ImportRefused(PeopleRefused):
    """An import that was refused as a whole; nothing was written. `errors` says why, line by line."""

    def __init__(self, errors: list[LineError]) -> None:
        first = errors[0]
        more = f"（共 {len(errors)} 处问题）" if len(errors) > 1 else ""
        where = f"“{first.sheet}”第 {first.line} 行：" if first.line else ""
        super().__init__("import_refused", f"未导入：{where}{first.message}{more}", hint=first.hint)
        self.errors = errors


@dataclass(frozen=True)
class Line:
    """One line of a sheet: its number in Excel, and its texts by column title."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    """A sheet's column titles (its first line) and the lines that hold anything."""

    name: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]


def read_workbook(data: bytes, *, limits: WorkbookLimits = DEFAULT_LIMITS) -> dict[str, Sheet]:
    """The sheets of an .xlsx file by name. Raises ImportRefused."""
    _measure(data, limits)
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(data))
        return {name: _sheet(workbook, name, limits) for name in workbook.sheet_names}
    except CalamineError as error:
        raise _refuse("Excel 文件已损坏，无法读取。", "请用 Excel 打开后另存为 .xlsx，再上传。") from error


def _measure(data: bytes, limits: WorkbookLimits) -> None:
    if len(data) > limits.sent:
        raise _refuse(f"文件太大：不能超过 {limits.sent // 1_000_000} MB。", "请分成几个文件导入。")
    if data.startswith(_OLE):
        raise _refuse("这是旧版 .xls 文件，或加了密码的文件。", "请去掉密码并另存为 .xlsx，再上传。")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = _unpack(archive, limits)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise _refuse("文件不是 .xlsx 格式，或已损坏。", "请用模板填写，保存为 .xlsx，再上传。") from error
    for name, content in parts.items():
        if name.lower().endswith("vbaproject.bin"):
            raise _refuse("文件中带有宏。", "请另存为不带宏的 .xlsx，再上传。")
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise _refuse("文件中带有文档类型声明，已拒绝。", "请用模板填写，再上传。")
    if "xl/workbook.xml" not in parts:
        raise _refuse("文件不是 .xlsx 格式，或已损坏。", "请用模板填写，保存为 .xlsx，再上传。")
    try:
        _check_cells(parts, limits)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _refuse("Excel 文件已损坏，无法读取。", "请用 Excel 打开后另存为 .xlsx，再上传。") from error


def _unpack(archive: zipfile.ZipFile, limits: WorkbookLimits) -> dict[str, bytes]:
    """Every XML part; the bytes are counted while unpacking, not believed from the directory."""
    if len(archive.infolist()) > limits.parts:
        raise _refuse("文件的内部结构过于复杂，已拒绝。", "请用模板填写，再上传。")
    parts: dict[str, bytes] = {}
    left = limits.unpacked
    for entry in archive.infolist():
        with archive.open(entry) as part:
            content = part.read(left + 1)
        left -= len(content)
        if left < 0:
            raise _refuse("文件展开后太大，已拒绝。", "请用模板填写，分成几个文件导入。")
        parts[entry.filename] = content if _is_xml(entry.filename) else b""
    return parts


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels"))


def _check_cells(parts: Mapping[str, bytes], limits: WorkbookLimits) -> None:
    """No formula, and no cell so far out that a reader would lay out a giant grid."""
    errors: list[LineError] = []
    titles = _titles(parts)
    for name, content in parts.items():
        if not name.startswith("xl/worksheets/") or not name.endswith(".xml"):
            continue
        title = titles.get(name, name)
        for reference, formula in _cells(content, limits):
            column, line = reference
            if line > limits.lines + 1 or column > limits.columns:
                message = f"表格太大：最多 {limits.lines} 行、{limits.columns} 列。"
                raise ImportRefused([LineError(title, 0, "", message, "请删去多余的行列，或分成几个文件。")])
            if formula and len(errors) < 100:
                errors.append(
                    LineError(
                        title, line, _letters(column), "单元格中是公式。", "请复制后“选择性粘贴为数值”。"
                    )
                )
    if errors:
        raise ImportRefused(errors)


def _cells(content: bytes, limits: WorkbookLimits) -> Iterator[tuple[tuple[int, int], bool]]:
    """Each cell's (column, line), counted from 1, and whether it holds a formula."""
    parse = etree.iterparse(
        BytesIO(content),
        events=("start", "end"),
        tag=("{*}c", "{*}row"),
        resolve_entities=False,
        no_network=True,
    )
    line, column = 0, 0
    for event, element in parse:
        if element.tag.endswith("}row"):
            if event == "start":
                line, column = int(element.get("r") or line + 1), 0
            else:
                element.clear()
        elif event == "end":
            place = _CELL.fullmatch(str(element.get("r") or ""))
            column = _number(place.group(1)) if place else column + 1
            line = int(place.group(2)) if place else line
            yield (column, line), element.find("{*}f") is not None


def _titles(parts: Mapping[str, bytes]) -> dict[str, str]:
    """The name of each sheet by the part that holds it."""
    relations = etree.fromstring(parts.get("xl/_rels/workbook.xml.rels", b"<none/>"), _parser())
    targets = {str(one.get("Id")): str(one.get("Target")).removeprefix("/xl/") for one in relations}
    workbook = etree.fromstring(parts["xl/workbook.xml"], _parser())
    sheets = workbook.iterfind(".//{*}sheet")
    return {f"xl/{targets.get(str(one.get(_RELATION)), '')}": str(one.get("name")) for one in sheets}


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def _number(letters: str) -> int:
    total = 0
    for letter in letters:
        total = total * 26 + ord(letter) - 64
    return total


def _letters(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def _sheet(workbook: CalamineWorkbook, name: str, limits: WorkbookLimits) -> Sheet:
    rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    columns = tuple(_text(cell) for cell in rows[0]) if rows else ()
    errors: list[LineError] = []
    lines = []
    for number, row in enumerate(rows[1:], start=2):
        cells = {title: _text(cell) for title, cell in zip(columns, row, strict=False) if title}
        for title, text in cells.items():
            if len(text) > limits.letters:
                errors.append(LineError(name, number, title, f"内容太长：最多 {limits.letters} 个字。"))
            if text.startswith("="):
                errors.append(LineError(name, number, title, "内容以等号开头，像是公式。", "请改为纯文字。"))
        if any(cells.values()):
            lines.append(Line(number, cells))
    if errors:
        raise ImportRefused(errors)
    return Sheet(name, columns, tuple(lines))


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    return str(cell).strip()


def _refuse(message: str, hint: str) -> ImportRefused:
    return ImportRefused([LineError("", 0, "", message, hint)])
