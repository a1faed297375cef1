"""总览: the year per unit and step; who is late; reminders, one by one or all late ones at once."""

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.house import House, house_of
from api.language import gettext as _
from api.naming import Naming
from api.office.cycles import PLANNING, may_run
from api.office.following import (
    OpenLine,
    chosen_cycle,
    incident_lines,
    office_cycles,
    open_lines,
    step_lines,
    was_started,
)
from api.office.following import remind as remind_of
from api.office.year import held_by_year
from api.pages import page
from api.security.posted import posted, text_of, texts_of
from api.security.session import signed_in
from engine.people.persons import Person
from engine.people.rights import Thing, may
from processes.cycle.opening import next_year
from processes.planning.participants import left_out
from processes.planning.queries import office_overview

router = APIRouter(prefix="/office", include_in_schema=False)


@router.get("")
def show_overview(
    request: Request,
    cycle: str = "",
    said: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """One cycle of the office's own assessor."""
    with house.database.read() as connection:
        cycles = office_cycles(connection, person)
        chosen = chosen_cycle(cycles, cycle, today=house.today)
        naming = Naming(house.engine.definitions, connection)
        lines = open_lines(house, connection, person, naming, chosen["id"])
        steps = step_lines(connection, person, naming, chosen["id"], today=house.today)
        units = office_overview(connection, chosen["id"])
        broken = incident_lines(connection, naming, chosen["id"])
        runs = may_run(person, chosen)
        started = was_started(connection, chosen["id"], PLANNING)
        may_plan = runs and not started
        absent = left_out(connection, chosen["id"], today=house.today) if may_plan else []
        following = next_year(connection, chosen["assessor_id"]) if runs else None
        held = held_by_year(house, connection, person, chosen, PLANNING)
    here: dict[str, list[OpenLine]] = {}
    for line in lines:
        here.setdefault(line.unit_id, []).append(line)
    return page(
        request,
        "office/overview.html",
        cycles=cycles,
        cycle=chosen,
        unsure=sorted({year for line in lines if line.due for year in line.due.unsure}),
        late=[line for line in lines if line.late],
        city=[line for line in lines if line.unit_id not in {unit["id"] for unit in units}],
        steps=steps,
        units=units,
        here=here,
        incidents=broken,
        may_mend=may(person, "mend", Thing(assessor_id=chosen["assessor_id"], cycle_id=chosen["id"])),
        may_plan=may_plan,
        held=held,
        left_out=absent,
        next_year=following[0] if following else None,
        said=_told(said),
    )


@router.post("/remind")
def remind(
    form: FormData = Depends(posted), person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """催办 the chosen items, or every late one; those urged today already are left alone."""
    cycle = text_of(form, "cycle")
    told, refused = remind_of(
        house, person, cycle, items=set(texts_of(form, "item")), all_late=text_of(form, "all_late") == "yes"
    )
    return RedirectResponse(f"/office?cycle={cycle}&said=reminded-{told}-{refused}", status_code=303)


def _told(said: str) -> str:
    if said == "started":
        return _("已发起年度目标制定。各单位的联络员马上收到任务。")
    if said == "opened":
        return _("已新建这个年度。")
    kind, _mark, figures = said.partition("-")
    told, _mark, refused = figures.partition("-")
    if kind != "reminded" or not told.isdigit() or not refused.isdigit():
        return ""
    sentence = _("已催办 {n} 项。").format(n=told)
    if int(refused):
        sentence += _("{n} 项没有催办：今天已经催过，或刚刚办完。").format(n=refused)
    return sentence
