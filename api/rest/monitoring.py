"""Monitoring: months, lights, corrections, bulletins and notices for improvement; twin of the pages."""

from fastapi import APIRouter, Depends

from api.calendars import assessors_of
from api.errors import Trouble
from api.house import House, house_of
from api.office.following import chosen_cycle
from api.office.monitoring import (
    ask,
    bulletin_to_see,
    follows,
    notice_to_see,
    start_month,
    unit_sight,
    watched_cycles,
)
from api.rest import monitoring_shapes as of
from api.rest import shapes
from api.rest.addresses import group
from api.security.session import caller
from engine.people.persons import Person
from processes.monitoring.queries import (
    board,
    bulletins_of,
    notice_story,
    notices_of,
    periods_of,
    unit_month,
)
from processes.planning.queries import cycles_of

router: APIRouter = group("监控 monitoring")


@router.get("/cycles/{cycle_id}/monitoring", summary="数据看板：各单位一个月的进度灯")
def show_board(
    cycle_id: str, period: str = "", person: Person = Depends(caller), house: House = Depends(house_of)
) -> of.MonitoringBoard:
    """The newest month by default."""
    with house.database.read() as connection:
        chosen = chosen_cycle(watched_cycles(connection, person), cycle_id)
        periods = periods_of(connection, chosen["id"])
        month = period or next(iter(periods), "")
        rows = board(connection, cycle_id=chosen["id"], period=month) if month else []
    units = [of.BoardUnit.model_validate(row) for row in rows]
    return of.MonitoringBoard(cycle_id=chosen["id"], period=month, periods=periods, units=units)


@router.post("/cycles/{cycle_id}/monitoring", summary="发起一个月的监控", status_code=201)
def start(
    cycle_id: str,
    sent: of.StartMonth,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> shapes.StartedProcess:
    """Every unit with figures in force gets its task; 409 when the month was started before."""
    return shapes.StartedProcess(instance_id=start_month(house, person, cycle_id, sent.period))


@router.get("/units/{unit_id}/progress", summary="绩效卡：一个单位一个月的数、佐证和灯，更正以前的也在")
def show_unit(
    unit_id: str,
    cycle: str = "",
    period: str = "",
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> shapes.Listed[of.MonthlyFigure]:
    """The newest month by default; what was replaced carries `replaced`."""
    with house.database.read() as connection:
        chosen, month = unit_sight(connection, person, unit_id, cycle, period)
        rows = unit_month(connection, cycle_id=chosen["id"], unit_id=unit_id, period=month)
    return shapes.Listed[of.MonthlyFigure](items=[of.MonthlyFigure.model_validate(row) for row in rows])


@router.post("/data/{datum_id}/corrections", summary="申请更正一个已报的数", status_code=201)
def ask_correction(
    datum_id: str,
    sent: of.NewCorrection,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> of.AskedCorrection:
    """The office decides; then the light is judged again and both stay to be seen."""
    return of.AskedCorrection(id=ask(house, person, datum_id, value=sent.value, reason=sent.reason))


@router.get("/cycles/{cycle_id}/bulletins", summary="月度通报")
def list_bulletins(
    cycle_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[of.Bulletin]:
    """The published ones, for everybody with a post under the assessor."""
    with house.database.read() as connection:
        own = [row["id"] for assessor in assessors_of(person) for row in cycles_of(connection, assessor)]
        if cycle_id not in own:
            raise Trouble(404, "not_found")
        rows = bulletins_of(connection, cycle_id)
    return shapes.Listed[of.Bulletin](items=[of.Bulletin.model_validate(row) for row in rows])


@router.get("/bulletins/{bulletin_id}", summary="一期月度通报")
def show_bulletin(
    bulletin_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> of.Bulletin:
    """Text and the units' cards as they stood."""
    with house.database.read() as connection:
        return of.Bulletin.model_validate(bulletin_to_see(connection, person, bulletin_id))


@router.get("/cycles/{cycle_id}/improvements", summary="改进通知：通知单、督办函、约谈")
def list_notices(
    cycle_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[of.ImprovementNotice]:
    """Open ones first; those that were not sent (yet) only for the office."""
    with house.database.read() as connection:
        chosen = chosen_cycle(watched_cycles(connection, person), cycle_id)
        rows = notices_of(connection, cycle_id=chosen["id"], internal=follows(person, chosen))
    return shapes.Listed[of.ImprovementNotice](
        items=[of.ImprovementNotice.model_validate(row) for row in rows]
    )


@router.get("/improvements/{notice_id}", summary="一件改进通知：事项和办理过程")
def show_notice(
    notice_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> of.ImprovementStory:
    """What it gathers and each thing done."""
    with house.database.read() as connection:
        story = notice_story(connection, notice_to_see(connection, person, notice_id))
    return of.ImprovementStory.model_validate(story)
