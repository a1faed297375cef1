"""What the office, the committee and the city's leaders do to grade a year, in a word each."""

from collections.abc import Sequence
from typing import Any

from engine.clock import today
from tests.planning.city import City, Desk, Said
from tests.planning.unit_work import upload_minutes


def start(city: City, year: int, process: str) -> str:
    """The office starts a process of the year; its instance."""
    answer = city.desk("office.staff").post(f"/cycles/{city.cycle_id(year)}/start", {"process": process})
    assert answer.status_code == 201, answer.text
    city.settle()
    return str(answer.json()["instance_id"])


def fill_gaps(city: City, value: str) -> list[str]:
    """补录 the same mark wherever one is missing; what was missing."""
    staff = city.desk("office.staff")
    gaps = staff.task("enter_marks")["form"]["data"]["gaps"]
    filled = [{**row, "value": value, "basis": "电子民调系统 2010 年 12 月结果"} for row in gaps]
    staff.complete("enter_marks", fields={"gaps": filled})
    city.settle()
    return [f"{row['unit']}：{row['component']}" for row in gaps]


def check(city: City, *, second: str = "office.reviewer") -> None:
    """Two different persons of the office look through the calculation."""
    city.desk("office.staff").complete("first_check", outcome="approve")
    city.settle()
    city.desk(second).complete("second_check", outcome="approve")
    city.settle()


def meeting(city: City, desk: Desk, element: str, **more: Any) -> Said:
    """The fields of a registered decision."""
    return {
        "meeting": "第3次会议",
        "decided_on": today(city.clock).isoformat(),
        "document_number": "纪要〔2011〕3号",
        "minutes": [upload_minutes(desk, element)],
        **more,
    }


def deliberate(city: City, adjustments: Sequence[Said] = ()) -> None:
    """绩效委审议."""
    secretary = city.desk("committee.secretary")
    fields = meeting(city, secretary, "committee_deliberates", adjustments=list(adjustments))
    secretary.complete("committee_deliberates", verb="register_for", fields=fields)
    city.settle()


def approve(city: City, decision: str = "approved", remark: str = "") -> None:
    """市委市政府审定."""
    secretary = city.desk("committee.secretary")
    fields = meeting(city, secretary, "leaders_approve", decision=decision, remark=remark)
    secretary.complete("leaders_approve", verb="register_for", fields=fields)
    city.settle()


def grade(city: City, year: int) -> None:
    """The whole way of a year without gaps."""
    start(city, year, "composite_grading")
    check(city)
    deliberate(city)
    approve(city)


def grades(city: City) -> dict[str, tuple[str, str, str | None, int]]:
    """The grades that count, by unit: total, grade, zone, rank."""
    rows = city.rows(
        "select u.name, g.total, g.grade, g.zone, g.rank from grade g join unit u on u.id = g.unit_id "
        "where not exists (select 1 from grade n where n.replaces_id = g.id)"
    )
    return {row["name"]: (str(row["total"]), row["grade"], row["zone"], row["rank"]) for row in rows}
