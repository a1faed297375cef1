"""考评年度: opening years, starting their processes, following who has what, reminding, mending."""

from fastapi import APIRouter, Depends

from api.calendars import assessor_for, assessor_of
from api.errors import Trouble
from api.house import House, house_of
from api.naming import Naming
from api.office.cycles import PLANNING, may_run, open_next_year, start_process
from api.office.following import (
    chosen_cycle,
    office_cycles,
    open_lines,
    planned_cycles,
    remind,
    step_lines,
    was_started,
)
from api.rest import office_shapes, shapes
from api.rest.addresses import group
from api.security.session import caller
from engine.people.persons import Person
from processes.cycle.opening import next_year
from processes.planning.queries import cycles_of, office_overview

router: APIRouter = group("考评年度 cycles")


@router.get("/cycles", summary="考评年度")
def list_cycles(
    person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[shapes.Cycle]:
    """The cycles of the caller's assessor, newest first; none for a caller without a post."""
    assessor = assessor_of(person)
    with house.database.read() as connection:
        found = cycles_of(connection, assessor) if assessor else []
    return shapes.Listed[shapes.Cycle](items=[shapes.Cycle.model_validate(cycle) for cycle in found])


@router.post("/cycles", summary="新建下一个年度", status_code=201)
def open_cycle(
    sent: shapes.NewYear, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Cycle:
    """The year after the last one; 409 when it is another year, exists already, or the scheme ends."""
    assessor = assessor_for(person, "run_cycle")
    if assessor is None:
        raise Trouble(403, "not_allowed")
    cycle_id = open_next_year(house, person, assessor, sent.year)
    with house.database.read() as connection:
        return shapes.Cycle.model_validate(chosen_cycle(cycles_of(connection, assessor), cycle_id))


@router.post("/cycles/{cycle_id}/start", summary="发起一个年度流程", status_code=201)
def start_in_cycle(
    cycle_id: str,
    sent: shapes.StartProcess,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> shapes.StartedProcess:
    """Start a process such as `plan_setting` for a whole cycle; 409 when it was started before."""
    return shapes.StartedProcess(instance_id=start_process(house, person, cycle_id, sent.process))


@router.get("/cycles/{cycle_id}/overview", summary="总览：各步骤有多少在办、多少逾期，各单位到了哪一步")
def show_overview(
    cycle_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> office_shapes.Overview:
    """One year as the office follows it."""
    with house.database.read() as connection:
        chosen = chosen_cycle(office_cycles(connection, person), cycle_id)
        naming = Naming(house.engine.definitions, connection)
        runs = may_run(person, chosen)
        following = next_year(connection, chosen["assessor_id"]) if runs else None
        return office_shapes.Overview(
            cycle=shapes.Cycle.model_validate(chosen),
            steps=[
                office_shapes.Step.model_validate(line, from_attributes=True)
                for line in step_lines(connection, person, naming, cycle_id, today=house.today)
            ],
            units=[
                office_shapes.UnitPlan.model_validate(unit) for unit in office_overview(connection, cycle_id)
            ],
            may_plan=runs and not was_started(connection, cycle_id, PLANNING),
            next_year=following[0] if following else None,
        )


@router.get("/cycles/{cycle_id}/open-items", summary="谁手里有什么，谁逾期了")
def list_open(
    cycle_id: str, late: bool = False, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[office_shapes.OpenItem]:
    """The open items of the year that the office may see, the 300 most urgent; with `late` the late ones."""
    with house.database.read() as connection:
        chosen = chosen_cycle(office_cycles(connection, person), cycle_id)
        lines = open_lines(
            house, connection, person, Naming(house.engine.definitions, connection), chosen["id"]
        )
    return shapes.Listed[office_shapes.OpenItem](
        items=[
            office_shapes.OpenItem(
                id=line.item_id,
                subject=line.subject,
                matter=line.matter,
                unit_id=line.unit_id or None,
                step=line.step,
                holder=line.holder,
                due_on=line.due_on,
                late=line.late,
                round=line.round,
                returned=line.returned,
                urged_today=line.urged_today,
                version=line.version,
            )
            for line in lines
            if line.late or not late
        ]
    )


@router.post("/cycles/{cycle_id}/reminders", summary="催办：选定的，或全部逾期的")
def send_reminders(
    cycle_id: str,
    sent: office_shapes.Reminding,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> office_shapes.Reminded:
    """Urge the chosen items, or every late one; what was urged today is left alone. May be sent again."""
    told, refused = remind(house, person, cycle_id, items=set(sent.items), all_late=sent.all_late)
    return office_shapes.Reminded(reminded=told, left_alone=refused)


@router.get("/cycles/{cycle_id}/plans", summary="各单位目标：有几项，到了哪一步")
def list_plans(
    cycle_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[office_shapes.UnitPlan]:
    """Every planning unit of the year, for who reviews, decides or supervises them all."""
    with house.database.read() as connection:
        chosen = chosen_cycle(planned_cycles(connection, person), cycle_id)
        units = office_overview(connection, chosen["id"])
    return shapes.Listed[office_shapes.UnitPlan](
        items=[office_shapes.UnitPlan.model_validate(unit) for unit in units]
    )
