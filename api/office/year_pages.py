"""年度日程: the year as a timeline of stages; beginning it, freezing it, taking over a changed scheme."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.house import House, house_of
from api.language import current_language
from api.language import gettext as _
from api.office.cycles import may_run
from api.office.year import begin_year, freeze_year, renew_scheme, timeline, watched_years
from api.pages import page
from api.security.posted import posted, text_of
from api.security.session import signed_in
from api.shell import is_office, offered_to
from engine.clock import ZONE
from engine.people.persons import Person
from processes.cycle.freezing import freezing_of
from processes.cycle.year_reading import Stage, Year

router = APIRouter(prefix="/office/year", include_in_schema=False)

PLACES = {
    "monitoring_month": "/monitoring",
    "innovation_review": "/innovation",
    "opinion_batch": "/rectification",
    "survey": "/surveys",
    "leader_evaluation": "/surveys",
    "composite_grading": "/office/grading",
    "feedback_publicity": "/office/grading",
    "accountability": "/accountability",
}
"""Where a stage has a page of its own; it is named to those whose navigation offers it."""
OFFICE_PLACES = {
    "plan_setting": "/office",
    "data_collection": "/office/data",
    "target_assessment": "/office/data",
}
WIDTH = 1000
"""So many units is the axis wide."""


@dataclass(frozen=True)
class Bar:
    """From where to where on the axis."""

    x: int
    width: int


@dataclass(frozen=True)
class Axis:
    """The days that the timeline shows, from the first to the last."""

    first: date
    last: date

    def at(self, day: date) -> int:
        """Where a day lies, from 0 to WIDTH."""
        days = (self.last - self.first).days or 1
        return min(max(round((day - self.first).days * WIDTH / days), 0), WIDTH)

    def bar(self, begin: date | None, end: date | None) -> Bar | None:
        """A stretch; one day at least. None without a beginning and an end."""
        if begin is None and end is None:
            return None
        begin, end = begin or end, end or begin
        assert begin is not None
        assert end is not None
        x = self.at(begin)
        return Bar(x, max(self.at(max(begin, end)) - x, 4))


@router.get("")
def show(
    request: Request,
    cycle: str = "",
    said: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """One year of an assessor whose work the person sees as a whole."""
    with house.database.read() as connection:
        cycles = watched_years(connection, person)
        year = timeline(house, connection, person, cycle)
        runs = may_run(person, year.cycle)
        frozen = freezing_of(connection, year.cycle["id"])
    axis = axis_of(year)
    return page(
        request,
        "office/year.html",
        cycles=cycles,
        cycle=year.cycle,
        year=year,
        rows=[_row(one, axis, person, year, house.today) for one in year.stages],
        late=[one for one in year.stages if one.overdue or one.late],
        quarters=quarters_of(axis),
        today_at=axis.at(house.today) if axis.first <= house.today <= axis.last else None,
        may_begin=runs and year.instance_id is None,
        may_freeze=runs and year.cycle["state"] == "running",
        frozen=frozen,
        name_of=_name_of,
        today=house.today,
        said=_told(said),
    )


@router.post("/{cycle_id}/begin")
def begin(cycle_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)) -> Response:
    """开始年度; once."""
    begin_year(house, person, cycle_id)
    return _back(cycle_id, "begun")


@router.post("/{cycle_id}/freeze")
def freeze(
    cycle_id: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """冻结年度, with a reason and a tick."""
    freeze_year(house, person, cycle_id, reason=text_of(form, "reason"), sure=text_of(form, "sure") == "yes")
    return _back(cycle_id, "frozen")


@router.post("/{cycle_id}/scheme")
def renew(
    cycle_id: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """换用方案的新状态."""
    renew_scheme(house, person, cycle_id, reason=text_of(form, "reason"))
    return _back(cycle_id, "renewed")


def axis_of(year: Year) -> Axis:
    """From the first day of the year to the last day that is planned, at least to its end."""
    number = int(year.cycle["year"])
    days = [day for one in year.stages for day in (one.planned_from, one.planned_until) if day]
    return Axis(date(number, 1, 1), max([date(number, 12, 31), *days]))


def quarters_of(axis: Axis) -> list[tuple[int, str]]:
    """Where each quarter begins, and how the axis calls it: `4月`, and `2019年` in January."""
    found, day = [], axis.first
    while day <= axis.last:
        label = f"{day.year}年" if day.month == 1 else f"{day.month}月"
        found.append((axis.at(day), label))
        day = date(day.year + day.month // 10, (day.month + 2) % 12 + 1, 1)
    return found


def _row(stage: Stage, axis: Axis, person: Person, year: Year, today: date) -> dict[str, object]:
    began, ended = _day_of(stage.began_at), _day_of(stage.ended_at)
    until = stage.planned_until or max((month.opens_on for month in stage.months), default=None)
    return {
        "stage": stage,
        "name": _name_of(stage),
        "href": _href(stage, person, year),
        "began": began,
        "ended": ended,
        "planned": axis.bar(stage.planned_from, until) if stage.state != "absent" else None,
        "real": axis.bar(began, ended or max(today, began)) if began else None,
    }


def _href(stage: Stage, person: Person, year: Year) -> str:
    """The stage's own page, else its process, where the person may look at it."""
    place = PLACES.get(stage.process or "")
    if place is None and is_office(person):
        place = OFFICE_PLACES.get(stage.process or "")
    if place in offered_to(person):
        return f"{place}?cycle={year.cycle['id']}"
    return f"/instances/{stage.instance_id}" if stage.instance_id else ""


def _name_of(stage: Stage) -> str:
    return stage.name_en if stage.name_en and current_language() == "en" else stage.name


def _day_of(moment: datetime | None) -> date | None:
    return moment.astimezone(ZoneInfo(ZONE)).date() if moment else None


def _back(cycle_id: str, said: str) -> Response:
    return RedirectResponse(f"/office/year?cycle={cycle_id}&said={said}", status_code=303)


def _told(said: str) -> str:
    return {
        "begun": _("年度已开始。第一步是确认年度日历，在考评办的待办里。"),
        "frozen": _("年度已冻结。正在办理的目标和数据改动会停止，各单位会收到通知。"),
        "renewed": _("已换用方案的新状态，各单位会收到通知。"),
    }.get(said, "")
