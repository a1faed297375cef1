"""Starting a process for a year, and opening the next year: the same for pages and REST."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from api.errors import Trouble
from api.house import House
from api.language import gettext as _
from api.office.following import is_running
from api.office.sight import cycle_to_run, require_sight
from engine.feel import evaluate
from engine.people.persons import Person
from engine.people.rights import Thing, may, require
from engine.runtime.definitions.versions import ProcessVersion, UnknownDefinition
from engine.runtime.setup import Actor, Cycle
from engine.runtime.steps.starting import AlreadyStarted
from processes.cycle.opening import YearRefused, next_year, open_year
from processes.cycle.year_drawn import ANNUAL
from processes.evaluation.grading.deciding import current_grades
from processes.planning.participants import unknown_units

PLANNING = "plan_setting"
FEEDBACK = "feedback_publicity"
ACCOUNTABILITY = "accountability"
_NAMED = 12
"""So many missing units are named in one sentence."""


def may_run(person: Person, cycle: Mapping[str, Any]) -> bool:
    """Whether the person organises this cycle."""
    return may(person, "run_cycle", Thing(assessor_id=cycle["assessor_id"], cycle_id=cycle["id"]))


def start_process(house: House, person: Person, cycle_id: str, process_key: str) -> str:
    """Start a process for a whole cycle; the instance's id. Raises NotAllowed, Trouble(404, 409, 422)."""
    engine = house.engine
    with house.database.write() as connection:
        cycle = cycle_to_run(connection, person, cycle_id)
        try:
            latest = engine.definitions.latest(connection, "process", process_key)
        except UnknownDefinition as unknown:
            raise Trouble(422, "process_unknown", str(unknown)) from None
        if not _starts_by_hand(engine.definitions.process(connection, latest.id)):
            raise Trouble(422, "not_startable", _("这个流程由别的流程或消息发起，不能单独发起。"))
        if not _says_which(engine.definitions.process(connection, latest.id), cycle):
            raise Trouble(
                422, "not_startable", _("这个流程一次办一件（如一个月），请在它自己的页面上选定后发起。")
            )
        if process_key in (PLANNING, ANNUAL):
            _require_units(connection, cycle_id)
        if process_key in (FEEDBACK, ACCOUNTABILITY):
            _require_final_grades(connection, cycle_id, process_key)
        try:
            by = Actor(person.id, person.name)
            return engine.start_in(connection, process_key, cycle=cycle, by=by)
        except AlreadyStarted as started:
            raise Trouble(409, "already_started", f"{started}。") from None


def open_next_year(house: House, person: Person, assessor_id: str, year: int) -> str:
    """Make the assessor's next cycle; its id. `year` is what the person saw on the button."""
    require_sight(person, "run_cycle", Thing(assessor_id=assessor_id))
    require(person, "run_cycle", Thing(assessor_id=assessor_id))
    with house.database.write() as connection:
        following = next_year(connection, assessor_id)
        if following is None or following[0] != year:
            raise Trouble(409, "year", _("不能新建 {year} 年度：已经建立，或方案里没有。").format(year=year))
        try:
            return open_year(
                connection, following[1], assessor_id=assessor_id, year=year, at=house.engine.clock.now()
            )
        except YearRefused as refused:
            raise Trouble(409, "year", str(refused)) from None


def _starts_by_hand(version: ProcessVersion) -> bool:
    """One whose diagram says what makes it unique in a cycle, and that begins without a message."""
    begins = any(
        element.kind == "startEvent" and element.parent is None and element.event is None
        for element in version.drawn.elements.values()
    )
    return begins and "bihuan:businessKey" in version.drawn.properties


def _says_which(version: ProcessVersion, cycle: Cycle) -> bool:
    """Whether the cycle alone says what makes the instance unique; a month's process needs its month."""
    key = version.drawn.properties["bihuan:businessKey"]
    return evaluate(key.strip().removeprefix("="), cycle.variables()) is not None


def _require_final_grades(connection: Connection, cycle_id: str, process_key: str) -> None:
    if not current_grades(connection, cycle_id):
        if process_key == FEEDBACK:
            raise Trouble(409, "not_graded", _("本年度还没有定级，不能反馈。请先完成综合评定。"))
        raise Trouble(409, "not_graded", _("本年度还没有定级，不能问责。请先完成综合评定。"))
    if process_key == ACCOUNTABILITY and is_running(connection, cycle_id, FEEDBACK):
        sentence = _("反馈、申诉和公示还没有办完，等次还可能更正。请等办完以后再发起问责。")
        raise Trouble(409, "feedback_open", sentence)


def _require_units(connection: Connection, cycle_id: str) -> None:
    unknown = unknown_units(connection, cycle_id)
    if unknown:
        names = "、".join(unknown[:_NAMED]) + (" …" if len(unknown) > _NAMED else "")
        sentence = _("还有 {n} 个承担目标的单位没有导入：{names}。请系统管理员先导入，或加上别名。")
        raise Trouble(409, "units_missing", sentence.format(n=len(unknown), names=names))
