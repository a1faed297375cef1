"""Reading an Excel file that somebody sends: nothing is trusted before it is measured.

A file is refused that is no .xlsx, too big in any direction, encrypted, carries macros, formulas or a
document type, because what is imported must be what the sender saw in the cells.
"""

import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from engine.people.refusals import PeopleRefused
from engine.people.xlsx import Cell, Damaged, Spreadsheet, letters_of

MOST_ERRORS = 200
"""More errors are not listed: the file is the wrong one."""
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    RuntimeError,
    NotImplementedError,
    EOFError,
    OSError,
    ValueError,
    KeyError,
)
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What spreadsheet programs use; the others fail in ways of their own and may ask for gigabytes to begin."""
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([^"']*)""")
_OLE = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class WorkbookLimits:
    """How big a file may be: bytes as sent, bytes unpacked, parts, XML marks ("<") in all parts together,
    lines, columns, letters in a cell. Marks bound the memory that a tree of empty elements would take.

    With `equals` a text may begin with an equals sign: for what people fill into a file of ours, which
    repeats what they wrote elsewhere. A formula is refused always.
    """

    sent: int = 10_000_000
    unpacked: int = 60_000_000
    parts: int = 500
    marks: int = 2_000_000
    lines: int = 20_000
    columns: int = 60
    letters: int = 500
    equals: bool = False


DEFAULT_LIMITS = WorkbookLimits()
OWN_LIMITS = WorkbookLimits(letters=32_767, equals=True)
"""Of a file that we give out to be filled in: what stands in it is taken back, as long as Excel keeps it."""


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
    parts = _measured(data, limits)
    try:
        spreadsheet = Spreadsheet(parts)
        return {title: _sheet(spreadsheet, title, limits) for title in spreadsheet.titles}
    except Damaged as error:
        raise _refuse("Excel 文件已损坏，无法读取。", "请用 Excel 打开后另存为 .xlsx，再上传。") from error


def _measured(data: bytes, limits: WorkbookLimits) -> dict[str, bytes]:
    """The parts of the file, once it is clear that they can be read safely."""
    if len(data) > limits.sent:
        raise _refuse(f"文件太大：不能超过 {limits.sent // 1_000_000} MB。", "请分成几个文件导入。")
    if data.startswith(_OLE):
        raise _refuse("这是旧版 .xls 文件，或加了密码的文件。", "请去掉密码并另存为 .xlsx，再上传。")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = _unpack(archive, limits)
    except _BROKEN as error:
        raise _refuse("文件不是 .xlsx 格式，或已损坏。", "请用模板填写，保存为 .xlsx，再上传。") from error
    for name, content in parts.items():
        if name.lower().endswith("vbaproject.bin"):
            raise _refuse("文件中带有宏。", "请另存为不带宏的 .xlsx，再上传。")
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content or not _is_plain(content):
            raise _refuse("文件中带有文档类型声明，已拒绝。", "请用模板填写，再上传。")
    if sum(content.count(b"<") for content in parts.values()) > limits.marks:
        raise _too_big()
    if "xl/workbook.xml" not in parts:
        raise _refuse("文件不是 .xlsx 格式，或已损坏。", "请用模板填写，保存为 .xlsx，再上传。")
    return parts


def _unpack(archive: zipfile.ZipFile, limits: WorkbookLimits) -> dict[str, bytes]:
    """Every XML part; the bytes are counted while unpacking, not believed from the directory."""
    if len(archive.infolist()) > limits.parts:
        raise _refuse("文件的内部结构过于复杂，已拒绝。", "请用模板填写，再上传。")
    parts: dict[str, bytes] = {}
    left = limits.unpacked
    for entry in archive.infolist():
        if entry.compress_type not in _COMPRESSIONS:
            raise zipfile.BadZipFile(entry.filename)
        with archive.open(entry) as part:
            content = part.read(left + 1)
        left -= len(content)
        if left < 0:
            raise _too_big()
        parts[entry.filename] = content if _is_xml(entry.filename) else b""
    return parts


def _is_plain(content: bytes) -> bool:
    """UTF-8, as every spreadsheet program writes it: in another encoding a document type would go unseen."""
    declared = _ENCODING.search(content[:200])
    return b"\0" not in content and (declared is None or declared.group(1).lower() in (b"utf-8", b"us-ascii"))


def _too_big() -> ImportRefused:
    return _refuse("文件展开后太大，已拒绝。", "请用模板填写，分成几个文件导入。")


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels"))


def _sheet(spreadsheet: Spreadsheet, title: str, limits: WorkbookLimits) -> Sheet:
    errors: list[LineError] = []
    grid: dict[int, dict[int, str]] = {}
    for cell in spreadsheet.cells(title):
        if cell.line > limits.lines + 1 or cell.column > limits.columns:
            message = f"表格太大：最多 {limits.lines} 行、{limits.columns} 列。"
            raise ImportRefused([LineError(title, 0, "", message, "请删去多余的行列，或分成几个文件。")])
        if (error := _wrong_cell(title, cell, limits)) and len(errors) < MOST_ERRORS:
            errors.append(error)
        grid.setdefault(cell.line, {})[cell.column] = cell.text
    if errors:
        raise ImportRefused(errors)
    first = grid.pop(1, {})
    columns = {column: text for column, text in sorted(first.items()) if text}
    lines = (
        Line(line, {text: grid[line].get(column, "") for column, text in columns.items()})
        for line in sorted(grid)
    )
    return Sheet(title, tuple(columns.values()), tuple(line for line in lines if any(line.cells.values())))


def _wrong_cell(title: str, cell: Cell, limits: WorkbookLimits) -> LineError | None:
    where = (title, cell.line, letters_of(cell.column))
    if cell.formula:
        return LineError(*where, "单元格中是公式。", "请复制后“选择性粘贴为数值”。")
    if cell.error:
        return LineError(*where, f"单元格中是错误值 {cell.text[:20]}。", "请改为正确的内容。")
    if len(cell.text) > limits.letters:
        return LineError(*where, f"内容太长：最多 {limits.letters} 个字。")
    if cell.text.startswith("=") and not limits.equals:
        return LineError(*where, "内容以等号开头，像是公式。", "请改为纯文字。")
    return None


def _refuse(message: str, hint: str) -> ImportRefused:
    return ImportRefused([LineError("", 0, "", message, hint)])
