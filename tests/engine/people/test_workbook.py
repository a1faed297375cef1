"""Files that somebody sends: hostile ones are refused with a sentence, honest ones read as they look."""

import zipfile
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from io import BytesIO

import pytest
import xlsxwriter

from engine.people.sheets import PEOPLE, write_template
from engine.people.workbook import read_workbook
from engine.people.xlsx import letters_of
from tests.engine.people.test_imports import NEW_PEOPLE, book, refused


def rezip(
    data: bytes, change: Callable[[str, bytes], bytes], *, extra: dict[str, bytes] | None = None
) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, change(entry.filename, old.read(entry)))
        for name, content in (extra or {}).items():
            new.writestr(name, content)
    return target.getvalue()


@cache
def good() -> bytes:
    return write_template(people=NEW_PEOPLE)


def in_people_sheet(change: Callable[[bytes], bytes]) -> Callable[[], bytes]:
    return lambda: rezip(good(), lambda name, part: change(part) if name.endswith("sheet3.xml") else part)


def replaced(old: str, new: str) -> Callable[[], bytes]:
    def change(part: bytes) -> bytes:
        assert old.encode() in part, "the people's sheet is written otherwise now"
        return part.replace(old.encode(), new.encode(), 1)

    return in_people_sheet(change)


def with_part(name: str, content: bytes, *, times: int = 1) -> Callable[[], bytes]:
    extra = {name.format(number): content for number in range(times)}
    return lambda: rezip(good(), lambda _, part: part, extra=extra)


def with_doctype(part: bytes) -> bytes:
    return part.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "aaaa">]>', 1)


def as_utf16(part: bytes) -> bytes:
    return with_doctype(part).decode().replace("UTF-8", "UTF-16").encode("utf-16")


def compressed_by_lzma() -> bytes:
    """Such a part, broken, ended the import with a fault of the server instead of a sentence."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_LZMA) as made:
        made.writestr("xl/workbook.xml", b"<workbook />" * 20)
    data = bytearray(target.getvalue())
    begun = data.index(b"workbook.xml") + len(b"workbook.xml")
    data[begun + 12 : begun + 20] = b"\xff" * 8
    return bytes(data)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "text": lambda: "姓名,单位".encode(),
    "old excel": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "cut off": lambda: good()[: len(good()) // 2],
    "other zip": lambda: good().replace(b"xl/workbook.xml", b"xl/workbooc.xml"),
    "document type": in_people_sheet(with_doctype),
    "document type in UTF-16": in_people_sheet(as_utf16),
    "broken sheet": in_people_sheet(lambda part: part[: len(part) // 2]),
    "cell far beyond": replaced('r="B2"', 'r="B99999999999"'),
    "cell that is none": replaced('r="B2"', 'r="2B"'),
    "line far beyond": replaced('<row r="2" spans="1:9"><c r="A2"', '<row r="99999999"><c'),
    "string that is not there": replaced("<v>19</v>", "<v>99999</v>"),
    "string before the first": replaced("<v>19</v>", "<v>-1</v>"),
    "macro": with_part("xl/vbaProject.bin", b"x"),
    "bomb": lambda: with_part("xl/media/a.xml", b"\0" * 61_000_000)(),
    "forest": lambda: with_part("xl/worksheets/x.xml", b"<a>" + b"<b/>" * 3_000_000 + b"</a>")(),
    "another compression": compressed_by_lzma,
    "many parts": with_part("xl/media/{}.xml", b"", times=600),
}


@pytest.mark.parametrize("case", sorted(HOSTILE))
def test_hostile_files_are_refused_with_a_sentence(case: str) -> None:
    data = HOSTILE[case]()
    refusal = refused(lambda: read_workbook(data))
    assert refusal.message.startswith("未导入：")
    assert refusal.errors[0].hint


def test_an_error_value_is_refused_with_its_cell() -> None:
    def fill(made: xlsxwriter.Workbook) -> None:
        made.add_worksheet(PEOPLE).write_formula("C4", "=1/0", value="#DIV/0!")

    data = rezip(
        book(fill), lambda name, content: content.replace(b"<f>1/0</f>", b"") if "sheet1" in name else content
    )
    (error,) = refused(lambda: read_workbook(data)).errors
    assert (error.line, error.column) == (4, "C") and "#DIV/0!" in error.message


def test_cells_are_read_as_people_see_them() -> None:
    def fill(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet("表")
        day = made.add_format({"num_format": "yyyy年m月d日"})
        amount = made.add_format({"num_format": '0.00"元/month"'})
        sheet.write_row(0, 0, ["甲", "", "乙"])
        sheet.write_row(1, 0, [" 两边空格 ", "无标题", 13800000000])
        sheet.write_row(2, 0, [0.1, None, True])
        sheet.write_datetime(3, 0, date(2018, 2, 28), day)
        sheet.write_datetime(3, 2, datetime(2018, 2, 28, 15, 30), day)  # noqa: DTZ001
        sheet.write_number(5, 0, 43159, amount)
        sheet.write_rich_string(5, 2, "红", made.add_format({"bold": True}), "头", "文件")

    sheet = read_workbook(book(fill))["表"]
    assert sheet.columns == ("甲", "乙")
    assert [(line.number, line.cells["甲"], line.cells["乙"]) for line in sheet.lines] == [
        (2, "两边空格", "13800000000"),
        (3, "0.1", "是"),
        (4, "2018-02-28", "2018-02-28 15:30:00"),
        (6, "43159", "红头文件"),
    ]


def test_dates_counted_from_1904_are_the_same_days() -> None:
    def fill(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet("表")
        sheet.write_row(0, 0, ["日期"])
        sheet.write_datetime(1, 0, date(2018, 2, 28), made.add_format({"num_format": 14}))

    for options in ({}, {"date_1904": True}):
        (line,) = read_workbook(book(fill, **options))["表"].lines
        assert line.cells["日期"] == "2018-02-28"


def test_columns_are_called_as_excel_calls_them() -> None:
    assert [letters_of(number) for number in (1, 26, 27, 702, 703)] == ["A", "Z", "AA", "ZZ", "AAA"]
