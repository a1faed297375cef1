"""工作日历: holidays and worked weekends of an assessor, by which deadlines are counted."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.as_shown import shown_in
from api.errors import Trouble
from api.house import House, house_of
from api.language import gettext as _
from api.pages import page
from api.people import days
from api.people.allowed import require
from api.security.posted import number_of, posted, text_of
from api.security.session import signed_in
from api.typed import Words, known_as
from engine.people.persons import Person

router = APIRouter(prefix="/calendar", include_in_schema=False)


@dataclass(frozen=True)
class Month:
    """A month as a page shows it: blanks before the first day, then (day, works, its own name or '')."""

    number: int
    blanks: int
    days: tuple[tuple[date, bool, str], ...]
    working: int


@router.get("")
def show(
    request: Request,
    year: int | None = None,
    said: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """A year of the assessor's calendar; deadlines are counted by it, so everyone may read it."""
    found = days.read_year(house, person, year or house.today.year)
    named = {day.on: day.name for day in found.days}
    months = []
    for number in range(1, 13):
        first, length = monthrange(found.year, number)
        dates = [date(found.year, number, day) for day in range(1, length + 1)]
        told = tuple((day, found.calendar.is_working_day(day), named.get(day, "")) for day in dates)
        months.append(Month(number, first, told, found.working_days(number)))
    return page(
        request,
        "people/calendar.html",
        year=found.year,
        months=months,
        named=sorted(named.items()),
        marked=days.marked(found.days),
        known=found.known,
        calendar=found.calendar,
        today=house.today,
        may_edit=found.may_edit,
        said={"saved": _("已保存；已定的期限不变，新期限按新日历算。"), "seeded": _("已录入公布的放假安排。"),
              "unknown": _("这一年的放假安排还没有公布，请在公布后逐日录入。")}.get(said, ""),
    )  # fmt: skip


@router.post("/days")
def change_day(
    request: Request,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Make a day a holiday, a workday, or what its weekday says."""
    known_as(request, _called)
    require(person, "edit_calendar")
    try:
        day = date.fromisoformat(text_of(form, "day"))
    except ValueError:
        raise Trouble(422, "malformed", _("日期要写成 2018-05-20 的样子。")) from None
    kind = text_of(form, "kind")
    days.change_day(
        house,
        person,
        day,
        kind="holiday" if kind == "holiday" else "workday" if kind == "workday" else None,
        name=text_of(form, "name", longest=60),
        shown=shown_in(form),
    )
    return RedirectResponse(f"/calendar?year={day.year}&said=saved", status_code=303)


def _called(name: str, value: str) -> Words:
    """The kind of day as its page calls it."""
    if name != "kind":
        return Words("", value)
    kinds = {"holiday": _("放假"), "workday": _("上班（调休）"), "weekday": _("恢复按星期几")}
    return Words(_("这一天"), kinds.get(value, value))


@router.post("/years")
def enter_year(
    form: FormData = Depends(posted), person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """Enter the published holidays of a year, or say that it is complete."""
    require(person, "edit_calendar")
    year = number_of(form, "year")
    said = days.enter_year(house, person, year, confirm=text_of(form, "act") == "confirm")
    return RedirectResponse(f"/calendar?year={year}&said={said}", status_code=303)
