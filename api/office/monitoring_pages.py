"""监控: the data board of a month, a unit's card with everything said about it, bulletins and notices."""

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.errors import Trouble
from api.house import House, house_of
from api.language import gettext as _
from api.office.assigning import thing_of
from api.office.following import chosen_cycle
from api.office.monitoring import (
    ask,
    bulletin_to_see,
    datum_to_correct,
    follows,
    may_start,
    notice_to_see,
    start_month,
    unit_sight,
    watched_cycles,
)
from api.office.year import held_by_year
from api.pages import page
from api.security.posted import posted, text_of
from api.security.session import signed_in
from engine.people.persons import Person
from engine.people.units import read_unit
from processes.decomposition.showing import responsible_of
from processes.monitoring.correcting import correction_refused
from processes.monitoring.queries import (
    board,
    bulletin,
    bulletins_of,
    notice_story,
    notices_of,
    periods_of,
    unit_month,
)
from processes.planning.versions import exact_text

router = APIRouter(include_in_schema=False)


@router.get("/monitoring")
def show_board(
    request: Request,
    cycle: str = "",
    period: str = "",
    said: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """数据看板 of one month: units and their measures with lights, who is late, bulletins, notices."""
    with house.database.read() as connection:
        cycles = watched_cycles(connection, person)
        periods = {one["id"]: periods_of(connection, one["id"]) for one in cycles}
        begun = next((one["id"] for one in cycles if periods[one["id"]]), "")
        chosen = chosen_cycle(cycles, cycle or begun)
        month = period or next(iter(periods[chosen["id"]]), "")
        rows = board(connection, cycle_id=chosen["id"], period=month) if month else []
        bulletins = bulletins_of(connection, chosen["id"])
        notices = notices_of(connection, cycle_id=chosen["id"], internal=follows(person, chosen))
        held = held_by_year(house, connection, person, chosen, "monitoring_month")
    told = _("已发起。各单位的联络员马上收到填报任务。") if said == "started" else ""
    return page(
        request,
        "office/monitoring.html",
        cycles=cycles,
        cycle=chosen,
        period=month,
        periods=periods[chosen["id"]],
        rows=[row for row in rows if row["lights"] or row["colours"]],
        late=[row for row in rows if row["colours"]],
        bulletins=bulletins,
        notices=notices,
        may_start=may_start(person, chosen),
        held=held,
        months=_startable(chosen["year"], f"{house.today:%Y-%m}", begun=periods[chosen["id"]]),
        said=told,
    )


def _startable(year: int, this_month: str, *, begun: list[str]) -> list[str]:
    """The months of a year that have begun on the calendar and not here, the newest first."""
    months = [f"{year}-{month:02d}" for month in range(12, 0, -1)]
    return [month for month in months if month <= this_month and month not in begun]


@router.post("/monitoring")
def start(
    form: FormData = Depends(posted), person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """发起 a month of monitoring."""
    cycle, period = text_of(form, "cycle"), text_of(form, "period")
    start_month(house, person, cycle, period)
    return RedirectResponse(f"/monitoring?cycle={cycle}&period={period}&said=started", status_code=303)


@router.get("/units/{unit_id}/progress")
def show_unit(
    request: Request,
    unit_id: str,
    cycle: str = "",
    period: str = "",
    said: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """绩效卡 of one unit: figures, evidence, lights; what was corrected stays to be seen."""
    with house.database.read() as connection:
        chosen, month = unit_sight(connection, person, unit_id, cycle, period)
        unit = read_unit(connection, unit_id)
        figures = unit_month(connection, cycle_id=chosen["id"], unit_id=unit_id, period=month)
        responsible = responsible_of(connection, cycle_id=chosen["id"], unit_id=unit_id)
        whole = {"assessor_id": thing_of(connection, unit_id).assessor_id, "id": chosen["id"]}
        notices = notices_of(
            connection, cycle_id=chosen["id"], unit_id=unit_id, internal=follows(person, whole)
        )
        periods = periods_of(connection, chosen["id"])
        bulletins = bulletins_of(connection, chosen["id"])
        correctable = not correction_refused(connection, chosen["id"], today=house.today)
    told = _("更正已送考评办核定。") if said == "asked" else ""
    return page(
        request,
        "office/unit_month.html",
        unit=unit,
        cycle=chosen,
        period=month,
        periods=periods,
        figures=figures,
        responsible=responsible,
        notices=notices,
        bulletins=bulletins,
        correctable=correctable,
        said=told,
    )


@router.get("/data/{datum_id}/correct")
def show_correction(
    request: Request,
    datum_id: str,
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """The form to ask for a correction."""
    return _correction_page(request, house, person, datum_id)


@router.post("/data/{datum_id}/correct")
def correct(
    request: Request,
    datum_id: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """提出更正; the office decides."""
    sent = {"value": text_of(form, "value"), "reason": text_of(form, "reason", longest=2000)}
    with house.database.read() as connection:
        datum = datum_to_correct(connection, person, datum_id)
    try:
        ask(house, person, datum_id, value=sent["value"], reason=sent["reason"])
    except Trouble as trouble:
        if trouble.status != 422:
            raise
        return _correction_page(request, house, person, datum_id, sent=sent, trouble=trouble)
    place = f"/units/{datum['unit_id']}/progress?cycle={datum['cycle_id']}&period={datum['period']}"
    return RedirectResponse(f"{place}&said=asked", status_code=303)


def _correction_page(
    request: Request,
    house: House,
    person: Person,
    datum_id: str,
    *,
    sent: dict[str, str] | None = None,
    trouble: Trouble | None = None,
) -> Response:
    with house.database.read() as connection:
        datum = datum_to_correct(connection, person, datum_id)
        unit = read_unit(connection, datum["unit_id"])
        figures = unit_month(
            connection, cycle_id=datum["cycle_id"], unit_id=datum["unit_id"], period=datum["period"]
        )
    figure = next(one for one in figures if one["key"] == datum["measure"])
    return page(
        request,
        "office/correct.html",
        status=422 if trouble else 200,
        unit=unit,
        datum=datum,
        figure=figure,
        sent=sent or {"value": exact_text(datum["value"]) or "", "reason": ""},
        refusal=trouble.message if trouble else "",
        wrong={error["field"]: error["message"] for error in trouble.errors} if trouble else {},
    )


@router.get("/bulletins/{bulletin_id}")
def show_bulletin(
    request: Request,
    bulletin_id: str,
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """月度通报, for everybody with a post under its assessor."""
    with house.database.read() as connection:
        found = bulletin_to_see(connection, person, bulletin_id)
    return page(request, "office/bulletin.html", bulletin=found)


@router.get("/public/bulletins/{bulletin_id}")
def show_public_bulletin(request: Request, bulletin_id: str, house: House = Depends(house_of)) -> Response:
    """月度通报 for the public, where the profile publishes it."""
    with house.database.read() as connection:
        found = bulletin(connection, bulletin_id)
    if found is None or not found["public"]:
        raise Trouble(404, "not_found")
    return page(request, "office/bulletin.html", bulletin=found)


@router.get("/improvements/{notice_id}")
def show_notice(
    request: Request,
    notice_id: str,
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """改进通知: what it is about and each thing done."""
    with house.database.read() as connection:
        found = notice_story(connection, notice_to_see(connection, person, notice_id))
    return page(request, "office/improvement.html", notice=found)
