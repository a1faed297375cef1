"""Whether a file to import has the template's shape: its sheets, and the columns of each."""

from collections.abc import Mapping

from engine.people.sheets import DIVISIONS, PEOPLE, SHEETS, UNITS, Column
from engine.people.workbook import ImportRefused, LineError, Sheet

_HINT = "请下载模板，在模板中填写。"


def check_shape(sheets: Mapping[str, Sheet]) -> None:
    """Raises ImportRefused when the file is not of the template's shape."""
    found = [(name, columns, sheets[name]) for name, columns in SHEETS.items() if name in sheets]
    if not any(sheet.lines for _, _, sheet in found):
        message = f"文件中没有内容：应有工作表“{UNITS}”“{DIVISIONS}”或“{PEOPLE}”，并至少填写一行。"
        raise ImportRefused([LineError("", 0, "", message, _HINT)])
    errors = [
        error
        for name, columns, sheet in found
        if sheet.lines
        for error in _wrong_columns(name, columns, sheet)
    ]
    if errors:
        raise ImportRefused(errors)


def _wrong_columns(name: str, columns: tuple[Column, ...], sheet: Sheet) -> list[LineError]:
    titles = [title for title in sheet.columns if title]
    known = {column.title for column in columns}
    errors = [
        LineError(name, 1, column.title, f"缺少“{column.title}”列。", _HINT)
        for column in columns
        if column.required and column.title not in titles
    ]
    errors += [
        LineError(name, 1, title, f"不认识“{title}”列。", _HINT) for title in titles if title not in known
    ]
    doubled = sorted({title for title in titles if titles.count(title) > 1})
    return errors + [LineError(name, 1, title, f"“{title}”列出现了两次。", _HINT) for title in doubled]
