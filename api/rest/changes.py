"""Changes of targets: challenges and adjustments of a year, beginning and withdrawing one, key challenges."""

from fastapi import APIRouter, Depends

from api.house import House, house_of
from api.office.changing import (
    ask_change,
    changes_of_unit,
    select_keys,
    story_to_see,
    withdraw_change,
    year_of_changes,
)
from api.rest import change_shapes as shapes
from api.rest.addresses import group
from api.rest.shapes import Listed
from api.security.session import caller
from engine.people.persons import Person
from processes.adjusting.cases import ADJUSTMENT, CHALLENGE
from processes.adjusting.selection import challenge_rows

router: APIRouter = group("目标变动 changes")


@router.get("/cycles/{cycle_id}/changes", summary="一年的挑战指标申报和目标调整")
def show_year(
    cycle_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Year:
    """For who sees every unit's targets."""
    with house.database.read() as connection:
        _cycles, chosen, rows = year_of_changes(house, connection, person, cycle_id)
        challenges = challenge_rows(connection, chosen["id"])
    return shapes.Year(
        cycle_id=chosen["id"],
        items=[shapes.Change.model_validate(row) for row in rows],
        challenges=[shapes.Challenge.model_validate(row) for row in challenges],
    )


@router.get("/units/{unit_id}/changes", summary="一个单位的挑战指标申报和目标调整")
def list_unit(
    unit_id: str, cycle: str = "", person: Person = Depends(caller), house: House = Depends(house_of)
) -> Listed[shapes.Change]:
    """Of a cycle, by default the one of today's year."""
    with house.database.read() as connection:
        rows = changes_of_unit(house, connection, person, unit_id, cycle)
    return Listed[shapes.Change](items=[shapes.Change.model_validate(row) for row in rows])


@router.get("/changes/{change_id}", summary="一件挑战指标申报或目标调整")
def show_change(
    change_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Story:
    """For who sees the unit's targets."""
    with house.database.read() as connection:
        return shapes.Story.model_validate(story_to_see(connection, person, change_id))


@router.post("/changes/{change_id}/withdraw", summary="撤回申报或申请")
def withdraw(
    change_id: str,
    sent: shapes.Withdrawal,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> shapes.Story:
    """By who asked, or the office; before it is decided."""
    withdraw_change(house, person, change_id, reason=sent.reason)
    with house.database.read() as connection:
        return shapes.Story.model_validate(story_to_see(connection, person, change_id))


@router.post("/targets/{target_id}/challenge", summary="申报挑战指标", status_code=202)
def begin_challenge(
    target_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Begun:
    """By the unit; the form comes to its liaison."""
    message = ask_change(house, person, target_id, kind=CHALLENGE)
    return shapes.Begun(id=message.message_id, target_id=target_id)


@router.post("/targets/{target_id}/adjust", summary="申请调整目标", status_code=202)
def begin_adjustment(
    target_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Begun:
    """By the unit or the office; the form comes to who asked."""
    message = ask_change(house, person, target_id, kind=ADJUSTMENT)
    return shapes.Begun(id=message.message_id, target_id=target_id)


@router.post("/cycles/{cycle_id}/challenge-selection", summary="发起选取关键性挑战指标", status_code=201)
def begin_selection(
    cycle_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Selection:
    """By who runs the cycle; one at a time."""
    return shapes.Selection(instance_id=select_keys(house, person, cycle_id))
