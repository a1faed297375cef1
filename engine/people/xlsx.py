"""The cells of an .xlsx whose parts were unpacked and measured before.

Written here because whoever checks a file must be the one who reads it: a reader that understands one
reference differently than the check lays out a grid of billions of cells. Cells are kept sparsely.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from io import BytesIO
from posixpath import join, normpath

from lxml import etree

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_BUILT_IN_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_NO_PART_OF_A_DATE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.')


class Damaged(ValueError):
    """A part that is not as the format wants it."""


@dataclass(frozen=True)
class Cell:
    """A cell that holds something: line and column counted from 1, its text as people see it."""

    line: int
    column: int
    text: str
    formula: bool = False
    error: bool = False


class Spreadsheet:
    """The sheets of one file by title. Raises Damaged, also while cells are read."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        try:
            workbook = _tree(parts, "xl/workbook.xml")
            self._parts = parts
            self._paths = _paths(parts, workbook)
            self._shared = _shared_strings(parts)
            self._date_styles = _date_styles(parts)
        except (etree.XMLSyntaxError, KeyError, ValueError) as error:
            raise Damaged(str(error)) from error
        settings = workbook.find("{*}workbookPr")
        since_1904 = settings is not None and settings.get("date1904") in ("1", "true")
        self._epoch = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)  # noqa: DTZ001

    @property
    def titles(self) -> list[str]:
        """The sheets' titles in order."""
        return list(self._paths)

    def cells(self, title: str) -> Iterator[Cell]:
        """The cells of a sheet as they stand in the file."""
        try:
            yield from self._cells(self._parts[self._paths[title]])
        except (etree.XMLSyntaxError, KeyError, ValueError, IndexError, OverflowError) as error:
            raise Damaged(str(error)) from error

    def _cells(self, content: bytes) -> Iterator[Cell]:
        line, column = 0, 0
        for event, element in _walk(content, "{*}row", "{*}c"):
            if str(element.tag).endswith("}row") or element.tag == "row":
                if event == "start":
                    line, column = int(element.get("r") or line + 1), 0
                else:
                    element.clear()
            elif event == "end":
                reference = element.get("r")
                line, column = _place(reference) if reference is not None else (line, column + 1)
                formula = element.find("{*}f") is not None
                text = self._text(element)
                if text or formula:
                    yield Cell(line, column, text, formula, element.get("t") == "e")

    def _text(self, element: etree._Element) -> str:
        kind = element.get("t") or "n"
        if kind == "inlineStr":
            return _joined(element).strip()
        value = (element.findtext("{*}v") or "").strip()
        if not value:
            return ""
        if kind == "s":
            return self._shared[_index(value)].strip()
        if kind == "b":
            return "是" if value == "1" else "否"
        if kind != "n":
            return value
        number = float(value)
        if _index(element.get("s") or "0") in self._date_styles:
            return _moment(self._epoch + timedelta(days=number))
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else value


def _walk(content: bytes, *tags: str) -> Iterator[tuple[str, etree._Element]]:
    yield from etree.iterparse(
        BytesIO(content), events=("start", "end"), tag=tags, resolve_entities=False, no_network=True
    )


def _tree(parts: Mapping[str, bytes], path: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(parts[path], parser)


def _paths(parts: Mapping[str, bytes], workbook: etree._Element) -> dict[str, str]:
    targets = {
        str(one.get("Id")): normpath(join("/xl", str(one.get("Target")))).lstrip("/")
        for one in _tree(parts, "xl/_rels/workbook.xml.rels")
    }
    paths = {
        str(one.get("name")): targets[str(one.get(_RELATION))] for one in workbook.iterfind(".//{*}sheet")
    }
    if missing := [title for title, path in paths.items() if path not in parts]:
        raise Damaged(f"no part for sheet {missing[0]}")
    return paths


def _shared_strings(parts: Mapping[str, bytes]) -> list[str]:
    if "xl/sharedStrings.xml" not in parts:
        return []
    return [_joined(one) for one in _tree(parts, "xl/sharedStrings.xml").iterfind("{*}si")]


def _joined(element: etree._Element) -> str:
    """The runs of a text, without the reading aids (拼音) that stand beside them."""
    pieces = element.iterfind(".//{*}t")
    return "".join(piece.text or "" for piece in pieces if not str(_parent_tag(piece)).endswith("rPh"))


def _parent_tag(element: etree._Element) -> object:
    parent = element.getparent()
    return "" if parent is None else parent.tag


def _date_styles(parts: Mapping[str, bytes]) -> frozenset[int]:
    """Which cell styles show a number as a date."""
    if "xl/styles.xml" not in parts:
        return frozenset()
    styles = _tree(parts, "xl/styles.xml")
    own = {
        _index(one.get("numFmtId") or "0")
        for one in styles.iterfind("{*}numFmts/{*}numFmt")
        if re.search("[ymdh]", _NO_PART_OF_A_DATE.sub("", one.get("formatCode") or "").lower())
    }
    dates = own | _BUILT_IN_DATES
    cell_styles = enumerate(styles.iterfind("{*}cellXfs/{*}xf"))
    return frozenset(number for number, one in cell_styles if _index(one.get("numFmtId") or "0") in dates)


def _moment(moment: datetime) -> str:
    return moment.date().isoformat() if moment.time() == time() else moment.isoformat(" ", "seconds")


def _index(text: str) -> int:
    number = int(text)
    if number < 0:
        raise Damaged(f"{number} is no index")
    return number


def _place(reference: str) -> tuple[int, int]:
    """Line and column of a reference such as "B3"; nothing else passes for one."""
    parts = _CELL.fullmatch(reference)
    if parts is None:
        raise Damaged(f"{reference[:20]} is no cell")
    return int(parts.group(2)), _number(parts.group(1))


def _number(letters: str) -> int:
    total = 0
    for letter in letters:
        total = total * 26 + ord(letter) - 64
    return total


def letters_of(column: int) -> str:
    """The letters by which Excel calls a column counted from 1."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
