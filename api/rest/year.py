"""年度日程: the year as a timeline; beginning it, freezing it, taking over a changed scheme."""

from fastapi import APIRouter, Depends

from api.house import House, house_of
from api.office.cycles import may_run
from api.office.year import begin_year, freeze_year, renew_scheme, timeline
from api.rest import shapes, year_shapes
from api.rest.addresses import group
from api.security.session import caller
from engine.people.persons import Person

router: APIRouter = group("年度日程 year")


@router.get("/cycles/{cycle_id}/year", summary="年度日程：各阶段计划和实际的日期，谁等谁，谁逾期")
def show_year(
    cycle_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> year_shapes.YearLine:
    """For who sees the work of the whole assessor: the office, leaders, supervision."""
    with house.database.read() as connection:
        year = timeline(house, connection, person, cycle_id)
    return year_shapes.YearLine(
        cycle=shapes.Cycle.model_validate(dict(year.cycle)),
        instance_id=year.instance_id,
        confirmed=year.confirmed,
        may_begin=may_run(person, year.cycle) and year.instance_id is None,
        stages=[year_shapes.YearStage.model_validate(one) for one in year.stages],
    )


@router.post("/cycles/{cycle_id}/year", summary="开始年度", status_code=201)
def begin(
    cycle_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.StartedProcess:
    """Start 年度总流程, once; 409 when it was started before."""
    return shapes.StartedProcess(instance_id=begin_year(house, person, cycle_id))


@router.post("/cycles/{cycle_id}/freeze", summary="冻结年度", status_code=204)
def freeze(
    cycle_id: str,
    sent: year_shapes.Freezing,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> None:
    """Targets, weights and reported figures stay as they are; 409 before the targets are issued, or twice."""
    freeze_year(house, person, cycle_id, reason=sent.reason, sure=sent.sure)


@router.post("/cycles/{cycle_id}/scheme", summary="换用方案的新状态", status_code=204)
def renew(
    cycle_id: str,
    sent: year_shapes.Renewing,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> None:
    """The scheme's file as it stands now holds for the year; 409 when it has not changed, or when frozen."""
    renew_scheme(house, person, cycle_id, reason=sent.reason)
