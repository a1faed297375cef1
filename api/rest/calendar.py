"""工作日历: the working days of the caller's assessor."""

from datetime import date

from fastapi import APIRouter, Depends

from api.house import House, house_of
from api.people import days
from api.rest import calendar_shapes
from api.rest.addresses import group
from api.security.session import caller
from engine.people.persons import Person

router: APIRouter = group("工作日历 calendar")


@router.get("/calendar/{year}", summary="一年的工作日历")
def show_year(
    year: int, person: Person = Depends(caller), house: House = Depends(house_of)
) -> calendar_shapes.Year:
    """The days that differ from their weekday. `known`: the year's holidays were entered completely."""
    return _year(house, person, year)


@router.put("/calendar/days/{day}", summary="改一天：放假、上班，或恢复按星期几", status_code=204)
def change_day(
    day: date,
    sent: calendar_shapes.DayChange,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> None:
    """Deadlines that were set before stay as they are."""
    days.change_day(
        house, person, day, kind=None if sent.kind == "weekday" else sent.kind, name=sent.name.strip()
    )


@router.post("/calendar/{year}/holidays", summary="录入国务院公布的放假安排")
def enter_holidays(
    year: int, person: Person = Depends(caller), house: House = Depends(house_of)
) -> calendar_shapes.Year:
    """Enter the published holidays; `known` stays false when none are published yet."""
    days.enter_year(house, person, year, confirm=False)
    return _year(house, person, year)


@router.post("/calendar/{year}/confirm", summary="这一年已经录完")
def confirm_year(
    year: int, person: Person = Depends(caller), house: House = Depends(house_of)
) -> calendar_shapes.Year:
    """Say that the year's holidays have been entered completely, day by day."""
    days.enter_year(house, person, year, confirm=True)
    return _year(house, person, year)


def _year(house: House, person: Person, year: int) -> calendar_shapes.Year:
    found = days.read_year(house, person, year)
    return calendar_shapes.Year(
        year=found.year,
        known=found.known,
        days=[calendar_shapes.Day(on=day.on, works=day.works, name=day.name) for day in found.days],
        working_days=[found.working_days(month) for month in range(1, 13)],
    )
