"""挑战指标与目标调整: asking, withdrawing, choosing key challenges; the same for pages and REST."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from api.errors import Trouble
from api.house import House
from api.language import gettext as _
from api.office.assigning import thing_of
from api.office.following import chosen_cycle
from api.office.publishing import publish
from api.office.sight import cycle_to_run, cycles_for
from engine.people.persons import Person
from engine.people.rights import Thing, may
from engine.runtime.setup import Actor
from processes.adjusting.asking import (
    SELECTION,
    ChangeRefused,
    ask_adjustment,
    begin_selection,
    declare_challenge,
    withdraw,
)
from processes.adjusting.cases import ADJUSTMENT, CHALLENGE
from processes.adjusting.queries import change_story, changes_of
from processes.planning.assigning import MessageToPublish
from processes.planning.queries import cycles_of
from processes.planning.reading import TargetView, target_of

UNIT, OFFICE = "unit", "office"
REASON = 1000


def asker_of(person: Person, thing: Thing) -> str:
    """For whom the person may ask: the `unit` itself, the `office`, or '' for nobody."""
    own = [right for right in person.rights_to("urge") if right.reach in ("unit", "below")]
    if any(one.unit_id == thing.unit_id and one.cycle_id in (None, thing.cycle_id) for one in own):
        return UNIT
    return OFFICE if may(person, "assign_target", thing) else ""


def ask_change(house: House, person: Person, target_id: str, *, kind: str) -> MessageToPublish:
    """申报挑战, 申请调整: the case is opened and its process begins, in one transaction.

    Raises Trouble(404) for who does not see the target, Trouble(403) for who only sees it, Trouble(409) when
    it cannot be asked for now.
    """
    with house.database.write() as connection:
        target = _target(connection, person, target_id)
        asker = asker_of(person, thing_of(connection, target.row["unit_id"], target.row["cycle_id"]))
        if asker == "" or (kind == CHALLENGE and asker != UNIT):
            raise Trouble(403, "not_allowed", _NOT_FOR[kind]())
        at = house.engine.clock.now()
        try:
            if kind == ADJUSTMENT:
                message = ask_adjustment(connection, target_id, asker=asker, by=person.id, at=at)
            else:
                message = declare_challenge(connection, target_id, by=person.id, at=at, today=house.today)
        except ChangeRefused as refused:
            raise Trouble(409, "refused", str(refused)) from None
        publish(house, connection, person, message)
    return message


_NOT_FOR = {
    CHALLENGE: lambda: _("挑战指标由责任单位的联络员或领导申报。"),
    ADJUSTMENT: lambda: _("目标调整由责任单位的联络员、领导或考评办提出。"),
}


def withdraw_change(house: House, person: Person, case_id: str, *, reason: str) -> None:
    """撤回: who asked ends the case; the office may end any.

    Raises Trouble(404) for who does not see it, Trouble(403), Trouble(409) once it is decided, Trouble(422)
    without a reason.
    """
    if not reason.strip():
        error = {"field": "reason", "code": "missing", "message": _("请写明为什么撤回。")}
        raise Trouble(422, "invalid", _("请写明为什么撤回。"), errors=[error])
    with house.database.write() as connection:
        story = story_to_see(connection, person, case_id)
        if not may_withdraw(connection, person, story):
            raise Trouble(403, "not_allowed", _("只有提出的一方和考评办可以撤回。"))
        try:
            message = withdraw(connection, case_id, reason=reason[:REASON])
        except ChangeRefused as refused:
            raise Trouble(409, "refused", str(refused)) from None
        publish(house, connection, person, message)


def may_withdraw(connection: Connection, person: Person, story: Mapping[str, Any]) -> bool:
    """Whether the person may end this case: whose matter it is, and the office."""
    asker = asker_of(person, thing_of(connection, story["unit_id"], story["cycle_id"]))
    return bool(asker == OFFICE or asker == story["asker"])


def select_keys(house: House, person: Person, cycle_id: str) -> str:
    """发起选取关键性挑战指标; the instance. Raises NotAllowed, Trouble(404, 409)."""
    with house.database.write() as connection:
        cycle = cycle_to_run(connection, person, cycle_id)
        try:
            variables = begin_selection(connection, cycle_id)
        except ChangeRefused as refused:
            raise Trouble(409, "refused", str(refused)) from None
        by = Actor(person.id, person.name)
        return house.engine.start_in(connection, SELECTION, cycle=cycle, variables=variables, by=by)


def story_to_see(connection: Connection, person: Person, case_id: str) -> dict[str, Any]:
    """One case with its story, for who sees the unit's targets. Raises Trouble(404)."""
    found = change_story(connection, case_id)
    if found is None or not may(
        person, "see_target", thing_of(connection, found["unit_id"], found["cycle_id"])
    ):
        raise Trouble(404, "not_found")
    return found


def year_of_changes(
    house: House, connection: Connection, person: Person, cycle_id: str = ""
) -> tuple[Sequence[dict[str, Any]], dict[str, Any], list[dict[str, Any]]]:
    """The cycles whose targets the person sees all, the chosen one, its cases. Raises Trouble(403, 404)."""
    cycles = cycles_for(connection, person, "see_target")
    chosen = chosen_cycle(cycles, cycle_id, today=house.today)
    return cycles, chosen, changes_of(connection, cycle_id=chosen["id"])


def changes_of_unit(
    house: House, connection: Connection, person: Person, unit_id: str, cycle_id: str = ""
) -> list[dict[str, Any]]:
    """A unit's cases of a cycle (by default the one of today's year). Raises Trouble(404)."""
    thing = thing_of(connection, unit_id)
    chosen = chosen_cycle(cycles_of(connection, str(thing.assessor_id)), cycle_id, today=house.today)
    if not may(person, "see_target", thing_of(connection, unit_id, chosen["id"])):
        raise Trouble(404, "not_found")
    return changes_of(connection, cycle_id=chosen["id"], unit_id=unit_id)


def _target(connection: Connection, person: Person, target_id: str) -> TargetView:
    target = target_of(connection, target_id)
    if target is None:
        raise Trouble(404, "not_found")
    if not may(person, "see_target", thing_of(connection, target.row["unit_id"], target.row["cycle_id"])):
        raise Trouble(404, "not_found")
    return target
