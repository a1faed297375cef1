"""月度监控: starting a month, asking for a correction, and who sees what; the same for pages and REST."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import Connection, select

from api.calendars import assessors_of
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
from engine.runtime.steps.starting import AlreadyStarted
from processes.cycle.reading import cycle_of
from processes.monitoring.correcting import CorrectionRefused, ask_correction
from processes.monitoring.figures import DATA
from processes.monitoring.queries import INTERNAL, MONTHLY, bulletin, notice, periods_of, targets_in_force
from processes.planning.queries import cycles_of

_PERIOD = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_MOST_DIGITS = 30
CLOSED = "closed"
"""The state of a cycle whose year is over."""


def watched_cycles(connection: Connection, person: Person) -> list[dict[str, Any]]:
    """The cycles whose board the person sees: who sees every unit's targets. Raises Trouble(403)."""
    return cycles_for(connection, person, "see_target")


def may_start(person: Person, cycle: Any) -> bool:
    """Whether the person starts months in this cycle, which is not over yet."""
    whole = Thing(assessor_id=cycle["assessor_id"], cycle_id=cycle["id"])
    return cycle["state"] != CLOSED and may(person, "run_cycle", whole)


def start_month(house: House, person: Person, cycle_id: str, period: str) -> str:
    """发起一个月: every unit with figures in force reports; the instance's id.

    Raises NotAllowed, Trouble(404), Trouble(422) for a month that is not the year's or has not begun,
    Trouble(409) for one that was started, when no target has been issued, or when the year is over.
    """
    with house.database.write() as connection:
        cycle = cycle_to_run(connection, person, cycle_id)
        found = _PERIOD.fullmatch(period)
        if found is None or int(found[1]) != cycle.year:
            raise Trouble(422, "period", _("请选择 {year} 年的一个月。").format(year=cycle.year))
        if period > f"{house.today:%Y-%m}":
            raise Trouble(422, "period", _("{period} 还没有开始，到了那个月再发起。").format(period=period))
        if cycle_of(connection, cycle_id)["state"] == CLOSED:
            told = _("{year} 年度已经办结，不能再发起月度监控。").format(year=cycle.year)
            raise Trouble(409, "year_over", told)
        if not targets_in_force(connection, cycle_id):
            raise Trouble(409, "no_targets", _("这一年还没有下达目标，没有可以监控的。"))
        try:
            by = Actor(person.id, person.name)
            return house.engine.start_in(
                connection, MONTHLY, cycle=cycle, variables={"period": period}, by=by
            )
        except AlreadyStarted:
            told = _("{period} 的月度监控已经发起过。").format(period=period)
            raise Trouble(409, "already_started", told) from None


def unit_sight(
    connection: Connection, person: Person, unit_id: str, cycle_id: str, period: str
) -> tuple[dict[str, Any], str]:
    """The cycle and month of a unit that the person wants to see (the newest by default).

    Raises Trouble(404) for who does not see the unit's targets, and for what is no month.
    """
    if period and _PERIOD.fullmatch(period) is None:
        raise Trouble(404, "not_found")
    thing = thing_of(connection, unit_id)
    cycles = cycles_of(connection, str(thing.assessor_id))
    if not cycle_id:
        cycles = [one for one in cycles if periods_of(connection, one["id"])] or cycles
    cycle = chosen_cycle(cycles, cycle_id)
    if not may(person, "see_target", thing_of(connection, unit_id, cycle["id"])):
        raise Trouble(404, "not_found")
    return cycle, period or next(iter(periods_of(connection, cycle["id"])), f"{cycle['year']}-01")


def follows(person: Person, cycle: Any) -> bool:
    """Whether the person follows notices before they are sent: the office."""
    return may(person, "urge", Thing(assessor_id=cycle["assessor_id"], cycle_id=cycle["id"]))


def datum_to_correct(connection: Connection, person: Person, datum_id: str) -> dict[str, Any]:
    """A reported figure that the person may ask to correct: who follows the unit's work, or the office.

    Raises Trouble(404) for who does not see it, Trouble(403) for who sees it only.
    """
    row = connection.execute(select(DATA).where(DATA.c.id == datum_id)).mappings().one_or_none()
    if row is None:
        raise Trouble(404, "not_found")
    thing = thing_of(connection, row["unit_id"], row["cycle_id"])
    if not may(person, "see_target", thing):
        raise Trouble(404, "not_found")
    if not may(person, "urge", thing) and not may(person, "run_cycle", thing):
        raise Trouble(403, "not_allowed", _("更正由单位的联络员、领导或考评办提出。"))
    return dict(row)


def ask(house: House, person: Person, datum_id: str, *, value: str, reason: str) -> str:
    """提出更正: the wish is stored and its process begins, in one transaction; the correction's id.

    Raises Trouble(403, 404, 422).
    """
    with house.database.write() as connection:
        datum_to_correct(connection, person, datum_id)
        try:
            message = ask_correction(
                connection,
                datum_id,
                value=_number(value),
                reason=reason,
                by=person.id,
                at=house.engine.clock.now(),
                today=house.today,
            )
        except CorrectionRefused as refused:
            raise _refused(refused.field, str(refused)) from refused
        publish(house, connection, person, message)
    return message.message_id


def notice_to_see(connection: Connection, person: Person, notice_id: str) -> dict[str, Any]:
    """A notice that the person may see: its unit's once it was sent, the office's always. Trouble(404)."""
    found = notice(connection, notice_id)
    if found is None:
        raise Trouble(404, "not_found")
    thing = thing_of(connection, found["unit_id"], found["cycle_id"])
    whole = {"assessor_id": thing.assessor_id, "id": found["cycle_id"]}
    if not may(person, "see_target", thing) or (found["state"] in INTERNAL and not follows(person, whole)):
        raise Trouble(404, "not_found")
    return found


def bulletin_to_see(connection: Connection, person: Person, bulletin_id: str) -> dict[str, Any]:
    """A published bulletin, for everybody with a post under its assessor. Raises Trouble(404)."""
    found = bulletin(connection, bulletin_id)
    own = {cycle["id"] for assessor in assessors_of(person) for cycle in cycles_of(connection, assessor)}
    if found is None or found["cycle_id"] not in own:
        raise Trouble(404, "not_found")
    return found


def _number(text: str) -> Decimal:
    try:
        value = Decimal(text.strip().replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise _refused("value", _("请填写数字，例如 27900。")) from None
    if (
        not value.is_finite()
        or len(value.as_tuple().digits) > _MOST_DIGITS
        or abs(value.adjusted()) > _MOST_DIGITS
    ):
        raise _refused("value", _("这个数太长，请核对。"))
    return value


def _refused(field: str, message: str) -> Trouble:
    errors = [{"field": field, "code": "refused", "message": message}] if field else []
    return Trouble(422, "refused", message, errors=errors)
