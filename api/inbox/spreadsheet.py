"""A list of work as an Excel file: rows, order and columns as the page shows them, page after page."""

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO

import xlsxwriter
from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import Response, StreamingResponse

from api.errors import Trouble
from api.house import House, house_of
from api.inbox.asked import Asked, asked_of
from api.inbox.lines import Line, read_lines
from api.inbox.list_pages import given_in
from api.inbox.list_words import column_words, headings
from api.language import gettext as _
from api.security.session import signed_in
from api.words import local_time
from engine.people.persons import Person
from engine.work.inbox import BadCursor

router = APIRouter(include_in_schema=False)
MOST = 10_000
"""So many rows go into one file; a list that has more says so in its last line."""
_STEP = 500
_IN_MEMORY = 2_000_000
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SAFE = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
         "strings_to_numbers": False}  # fmt: skip


@router.get("/inbox.xlsx")
def export_list(
    request: Request, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """The list that the address asks for, from its first row, as an Excel file."""
    if "export" in person.withheld:
        raise Trouble(403, "not_allowed", _("三员分立：您的岗位不能导出数据。"))
    asked = asked_of(given_in(request), today=house.today)
    file: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 (closed once it is sent)
    try:
        with house.database.read() as connection:
            write_list(file, house, connection, person, asked)
    except BadCursor:
        raise Trouble(404, "not_found") from None
    name = f"{asked.tab}-{house.today.isoformat()}.xlsx"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return StreamingResponse(_sent(file), media_type=_KIND, headers=headers)


def _sent(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        yield from iter(lambda: file.read(65_536), b"")


def write_list(
    file: IO[bytes], house: House, connection: Connection, person: Person, asked: Asked, *, most: int = MOST
) -> None:
    """Write at most `most` rows. Every cell is text: what begins with = or + is read, never reckoned."""
    names = [_("事项"), *(column_words(asked.tab, name) for name in asked.columns), _("说明")]
    with xlsxwriter.Workbook(file, _SAFE) as book:
        sheet = book.add_worksheet(headings()[asked.tab])
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 0, 60)
        sheet.set_column(1, len(names) - 1, 22)
        bold = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
        for place, name in enumerate(names):
            sheet.write_string(0, place, name, bold)
        number, more = _fill(sheet, house, connection, person, asked, most=most)
        ending = _("{day} 导出，共 {n} 项").format(day=local_time(house.engine.clock.now()), n=number)
        if more:
            ending += _("；还有更多，一次最多导出 {most} 项，请先筛选").format(most=most)
        sheet.write_string(number + 2, 0, ending)


def _fill(
    sheet: xlsxwriter.worksheet.Worksheet,
    house: House,
    connection: Connection,
    person: Person,
    asked: Asked,
    *,
    most: int,
) -> tuple[int, bool]:
    number, cursor = 0, None
    while True:
        turn = Asked(asked.tab, asked.wanted, asked.columns, after=cursor)
        lines = read_lines(house, connection, person, turn, limit=min(_STEP, most - number))
        for line in lines.rows:
            number += 1
            for place, text in enumerate(_cells(line, asked)):
                sheet.write_string(number, place, text)
        cursor = lines.next
        if cursor is None or number >= most:
            return number, cursor is not None


def _cells(line: Line, asked: Asked) -> list[str]:
    marks = [_("未读")] if line.unread else []
    marks += [text for text, _tone in line.marks]
    return [line.title, *(line.cells.get(name, "") for name in asked.columns), "、".join(marks)]
