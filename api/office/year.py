"""年度日程: the year as a timeline, beginning it, freezing it; the same for the page and REST."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection

from api.errors import Trouble
from api.house import House
from api.language import gettext as _
from api.office.cycles import may_run, start_process
from api.office.following import chosen_cycle
from api.office.sight import cycle_to_run, cycles_for
from engine.bpmn.model import ProcessModel
from engine.people.persons import Person
from engine.runtime.definitions.versions import UnknownDefinition
from engine.runtime.events.signals import NewSignal
from processes.cycle.freezing import YearRefusal, freeze
from processes.cycle.weighing import change_weights
from processes.cycle.year_drawn import ANNUAL
from processes.cycle.year_reading import PLANNED, RUNNING, WAITING, Stage, Year, annual_version, year_of

SIGHT = "see_instance"


class Act(Protocol):
    """Something the office does with a whole year. Raises YearRefusal."""

    def __call__(
        self, connection: Connection, cycle_id: str, *, reason: str, by: Person, at: datetime
    ) -> None: ...


def watched_years(connection: Connection, person: Person) -> list[dict[str, Any]]:
    """The cycles whose timeline the person sees, newest first: the office, leaders, supervision.

    Raises Trouble(403).
    """
    return cycles_for(connection, person, SIGHT)


def timeline(house: House, connection: Connection, person: Person, wanted: str) -> Year:
    """The year of this cycle, or of the one that stands today. Raises Trouble(403, 404)."""
    chosen = chosen_cycle(watched_years(connection, person), wanted, today=house.today)
    return year_of(connection, _drawn(house, connection, chosen), chosen["id"], today=house.today)


def begin_year(house: House, person: Person, cycle_id: str) -> str:
    """开始年度: the year's process starts, once; its instance. Raises NotAllowed, Trouble(404, 409, 422)."""
    return start_process(house, person, cycle_id, ANNUAL)


def freeze_year(house: House, person: Person, cycle_id: str, *, reason: str, sure: bool) -> None:
    """冻结年度: targets, weights and reported figures stay as they are; what would edit them stops.

    Raises NotAllowed, Trouble(404), Trouble(422) without a reason or confirmation, Trouble(409) when the
    year is frozen already or its targets are not issued yet.
    """
    if not sure:
        raise Trouble(422, "unsure", _("冻结以后不能解除。请先勾选确认。"))
    _act_on_year(house, person, cycle_id, freeze, signal="cycle.frozen", reason=reason)


def renew_scheme(house: House, person: Person, cycle_id: str, *, reason: str) -> None:
    """换用方案的新状态: the scheme's file as it stands now holds for the year; until it is frozen.

    Raises NotAllowed, Trouble(404), Trouble(422) without a reason, Trouble(409) when nothing has changed or
    the year is frozen.
    """
    _act_on_year(house, person, cycle_id, change_weights, signal="weights.changed", reason=reason)


def _act_on_year(house: House, person: Person, cycle_id: str, act: Act, *, signal: str, reason: str) -> None:
    with house.database.write() as connection:
        cycle = cycle_to_run(connection, person, cycle_id)
        try:
            act(connection, cycle_id, reason=reason, by=person, at=house.engine.clock.now())
        except YearRefusal as refused:
            raise Trouble(refused.status, refused.code, str(refused)) from None
        told = NewSignal(
            cycle_id, signal, variables={"reason": reason.strip()}, surroundings=cycle.variables()
        )
        house.engine.throw(connection, told)


def held_by_year(
    house: House, connection: Connection, person: Person, cycle: Mapping[str, Any], *processes: str
) -> list[str]:
    """What a page says beside the buttons that start these processes, to who may start them: that the year
    starts them by itself, and when. Empty when it does not, or has begun them."""
    if not may_run(person, cycle) or annual_version(connection, cycle["id"]) is None:
        return []
    year = year_of(connection, _drawn(house, connection, cycle), cycle["id"], today=house.today)
    stages = [year.stage(process) for process in processes]
    held = [_held(one, house) for one in stages if one is not None and one.state in (PLANNED, WAITING)]
    months = [month for one in stages if one is not None and one.state == RUNNING for month in one.months]
    coming = next((month for month in months if month.state == PLANNED), None)
    if coming is not None:
        sentence = _("{period} 的月度监控由年度总流程在 {day} 自动开始，以后逐月如此。")
        held.append(sentence.format(period=coming.period, day=coming.opens_on.isoformat()))
    return held


def _held(stage: Stage, house: House) -> str:
    if stage.waits_for:
        sentence = _("“{stage}”由年度总流程在{before}办结以后自动开始，不用发起。")
        return sentence.format(stage=stage.name, before="、".join(stage.waits_for))
    if stage.planned_from is None or stage.planned_from <= house.today:
        return _("“{stage}”由年度总流程自动开始，不用发起。").format(stage=stage.name)
    sentence = _("“{stage}”由年度总流程在 {day} 自动开始。现在发起就是提前开始，不会重复。")
    return sentence.format(stage=stage.name, day=stage.planned_from.isoformat())


def _drawn(house: House, connection: Connection, cycle: Mapping[str, Any]) -> ProcessModel:
    definitions = house.engine.definitions
    version_id = annual_version(connection, cycle["id"])
    if version_id is None:
        try:
            version_id = definitions.latest(connection, "process", ANNUAL).id
        except UnknownDefinition as unknown:
            raise Trouble(409, "process_unknown", str(unknown)) from None
    return definitions.process(connection, version_id).drawn
