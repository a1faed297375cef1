"""下达指标: giving a target the value it waited for; one function for the page and the REST call."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import Connection

from api.errors import Trouble
from api.house import House
from api.language import gettext as _
from api.office.following import chosen_cycle
from api.office.publishing import publish
from api.office.sight import cycles_for
from engine.people.persons import Person
from engine.people.rights import Thing, may, require
from engine.people.units import read_unit
from processes.adjusting.cases import ADJUSTMENT, running_case
from processes.planning.assigning import AssignmentRefused, MessageToPublish, assign_target
from processes.planning.queries import pending_targets
from processes.planning.reading import TargetView, target_of

_MOST_DIGITS = 30


def target_to_assign(connection: Connection, person: Person, target_id: str) -> TargetView:
    """The target, if the person may assign it. Raises Trouble(404) for who may not see it, NotAllowed."""
    target = target_of(connection, target_id)
    if target is None:
        raise Trouble(404, "not_found")
    thing = thing_of(connection, target.row["unit_id"], target.row["cycle_id"])
    if not may(person, "see_target", thing) and not may(person, "assign_target", thing):
        raise Trouble(404, "not_found")
    require(person, "assign_target", thing)
    return target


def waiting_targets(
    connection: Connection, person: Person, cycle_id: str = "", *, today: date
) -> tuple[list[dict[str, Any]], dict[str, Any], list[dict[str, Any]]]:
    """The cycles in which the person assigns, the chosen one (by default the one that stands on `today`),
    and its targets that wait for a figure from above. Raises Trouble(403, 404)."""
    cycles = cycles_for(connection, person, "assign_target")
    chosen = chosen_cycle(cycles, cycle_id, today=today)
    return cycles, chosen, pending_targets(connection, chosen["id"])


def thing_of(connection: Connection, unit_id: str, cycle_id: str | None = None) -> Thing:
    """A unit's matter in a cycle, as the rights see it."""
    return Thing(unit_id=unit_id, assessor_id=read_unit(connection, unit_id).assessor_id, cycle_id=cycle_id)


def assign(
    house: House, person: Person, target_id: str, figures: Mapping[str, str], *, document: str
) -> MessageToPublish:
    """Store the figures and publish what applies them, in one transaction. Raises Trouble(404, 422)."""
    with house.database.write() as connection:
        target_to_assign(connection, person, target_id)
        if running_case(connection, target_id, kind=ADJUSTMENT) is not None:
            raise Trouble(409, "adjusting", _("这项目标的调整正在办理，请等办结或撤回以后再下达。"))
        exact = {measure_id: _number(measure_id, text) for measure_id, text in figures.items()}
        try:
            message = assign_target(
                connection,
                target_id,
                exact,
                document=document,
                by=person.id,
                at=house.engine.clock.now(),
            )
        except AssignmentRefused as refused:
            raise _refused(refused.field or "figures", str(refused)) from refused
        publish(house, connection, person, message)
    return message


def _number(measure_id: str, text: str) -> Decimal:
    field = f"figures.{measure_id}"
    try:
        value = Decimal(text.strip().replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise _refused(field, _("请填写数字，例如 4500 或 3.5。")) from None
    if not value.is_finite():
        raise _refused(
            field, _("“{text}”不是一个数。请填写数字，例如 4500 或 3.5。").format(text=text.strip())
        )
    if len(value.as_tuple().digits) > _MOST_DIGITS or abs(value.adjusted()) > _MOST_DIGITS:
        raise _refused(field, _("这个数太长，请核对。"))
    return value


def _refused(field: str, message: str) -> Trouble:
    error = {"field": field, "code": "refused", "message": message}
    return Trouble(422, "invalid", message, errors=[error])
