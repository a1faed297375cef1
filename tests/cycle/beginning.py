"""What the office does with a year, in a word each."""

from typing import Any

from processes.cycle.running import engine_cycle
from tests.planning.city import City, Said

YEAR = 2018


def begin(city: City) -> str:
    """开始年度; the instance of its process."""
    answer = city.desk("office.staff").post(f"/cycles/{city.cycle_id(YEAR)}/year", {})
    assert answer.status_code == 201, answer.text
    city.settle()
    return str(answer.json()["instance_id"])


def begin_for(city: City, *codes: str) -> str:
    """The same for a few units: a pilot."""
    with city.engine.database.write() as connection:
        cycle = engine_cycle(connection, city.cycle_id(YEAR))
        found = city.engine.start_in(
            connection, "annual_cycle", cycle=cycle, variables={"unitCodes": list(codes)}
        )
    city.settle()
    return found


def confirm(city: City, *, months: list[str] | None = None, **dates: str) -> None:
    """确认年度日历, with other days for some dates."""
    city.desk("office.staff").complete("confirm_calendar", fields=calendar(city, months=months, **dates))
    city.settle()


def calendar(city: City, *, months: list[str] | None = None, **dates: str) -> Said:
    """The calendar's form with other days for some dates."""
    shown = city.desk("office.staff").task("confirm_calendar")["form"]["data"]
    rows = [{**row, "on": dates.get(row["id"], row["on"])} for row in shown["dates"]]
    return {"dates": rows, "months": shown["months"] if months is None else months}


def year_of(city: City, login: str = "office.staff") -> dict[str, Any]:
    """The year as REST tells it, stages by id."""
    said = city.desk(login).read(f"/cycles/{city.cycle_id(YEAR)}/year")
    return {**said, "by_id": {one["id"]: one for one in said["stages"]}}


def started(city: City) -> list[str]:
    """The processes that the year has called, in the order in which they began."""
    rows = city.rows(
        "select i.process_key from instance i join instance p on p.id = i.parent_id "
        "where p.process_key = 'annual_cycle' order by i.id"
    )
    return [row["process_key"] for row in rows]


def begin_year_for(city: City, year: int, *codes: str) -> None:
    """Start another year's process for a few units, and confirm its calendar as it is."""
    with city.engine.database.write() as connection:
        cycle = engine_cycle(connection, city.cycle_id(year))
        city.engine.start_in(connection, "annual_cycle", cycle=cycle, variables={"unitCodes": list(codes)})
    city.settle()
    staff = city.desk("office.staff")
    [row] = [one for one in staff.items() if (one["element"], one["year"]) == ("confirm_calendar", year)]
    task = staff.read(f"/work-items/{row['id']}")
    shown = task["form"]["data"]
    staff.act("complete", task, fields={"dates": shown["dates"], "months": shown["months"]})
    city.settle()
