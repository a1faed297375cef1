"""创新创优: a year's projects, its experts and marks for who organises it; a unit sees what is its own.

Marks and experts are for those who may see the whole assessor's work; units and experts never see them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from fastapi import Request
from sqlalchemy import Connection, delete, insert, select

from api.as_shown import check_as_shown
from api.calendars import assessors_of
from api.errors import Trouble
from api.house import House
from api.language import gettext as _
from api.office.cycles import may_run, start_process
from api.office.following import chosen_cycle, was_started
from engine.people.holding import hold
from engine.people.persons import Person
from engine.people.rights import Thing, may, require
from engine.people.tables import UserAccount
from engine.runtime.events.messages import NewMessage
from engine.work.history import may_see
from processes.cycle.reading import scheme_of
from processes.cycle.running import engine_cycle
from processes.evaluation.scheme import scheme_of as scoring_scheme
from processes.innovation.awarding import awards_of
from processes.innovation.experts import Listed, listed_experts
from processes.innovation.promoting import Place, bonus_of, promotions
from processes.innovation.publicity import (
    OBJECTION,
    ObjectionRefused,
    object_to,
    open_publicity,
    published_awards,
)
from processes.innovation.reading import (
    EXPERTS,
    SECTION,
    TOPICS,
    UNITS,
    partners_of,
    projects_in,
)
from processes.innovation.results import matrix_rows
from processes.planning.queries import cycles_of

PROCESS = "innovation_review"
ROUNDS = (1, 2)
STATES = {
    "drafting": "退回补正",
    "applied": "已申报",
    "admitted": "实施中",
    "refused": "未立项",
    "closed": "待评审",
    "eliminated": "首轮未入围",
    "finalist": "已入围",
    "struck": "不予授奖",
    "awarded": "已授奖",
    "passed": "未获奖",
}


@dataclass(frozen=True)
class InnovationYear:
    """A year's projects as far as the person may see them; `rounds` and `awards` for the office alone."""

    cycles: Sequence[Mapping[str, Any]]
    cycle: Mapping[str, Any]
    rows: Sequence[Mapping[str, Any]]
    rounds: Mapping[int, Sequence[Mapping[str, Any]]]
    awards: Sequence[Mapping[str, Any]]
    may_start: bool
    may_run: bool


def read_year(connection: Connection, person: Person, cycle_id: str = "") -> InnovationYear:
    """The projects of a cycle (the newest by default). Raises Trouble(403, 404)."""
    if not person.rights_to("see_instance"):
        raise Trouble(403, "not_allowed")
    cycles = [one for assessor in assessors_of(person) for one in cycles_of(connection, assessor)]
    chosen = chosen_cycle(cycles, cycle_id)
    whole = Thing(assessor_id=chosen["assessor_id"], cycle_id=chosen["id"])
    all_of_it, runs = may(person, "see_instance", whole), may_run(person, chosen)
    rows = [
        _row(connection, person, project)
        for project in projects_in(connection, chosen["id"], STATES)
        if all_of_it or _is_theirs(connection, person, project, str(chosen["assessor_id"]))
    ]
    organised = SECTION in scheme_of(connection, chosen["id"])
    return InnovationYear(
        cycles=cycles,
        cycle=chosen,
        rows=rows,
        rounds={one: matrix_rows(connection, chosen["id"], one) for one in ROUNDS} if all_of_it else {},
        awards=awards_of(connection, chosen["id"]) if all_of_it else [],
        may_start=runs and organised and not was_started(connection, chosen["id"], PROCESS),
        may_run=runs,
    )


def start_year(house: House, person: Person, cycle_id: str) -> str:
    """发起创新创优, once a year; the instance's id. Raises Trouble(404, 409), NotAllowed."""
    with house.database.read() as connection:
        year = read_year(connection, person, cycle_id)
        if year.may_run and SECTION not in scheme_of(connection, cycle_id):
            raise Trouble(409, "no_innovation", _("本年度的方案没有创新创优一节，不能发起。"))
    return start_process(house, person, cycle_id, PROCESS)


def read_experts(house: House, person: Person, cycle_id: str) -> tuple[list[Listed], list[str]]:
    """The cycle's experts and the domains of its catalogue. Raises NotAllowed, Trouble(404)."""
    with house.database.read() as connection:
        cycle = _run_cycle(connection, person, cycle_id)
        domains = connection.execute(
            select(TOPICS.c.domain).where(TOPICS.c.cycle_id == cycle_id).distinct().order_by(TOPICS.c.domain)
        ).scalars()
        found = listed_experts(connection, house.engine.definitions, cycle, today=house.today)
        return found, [str(domain) for domain in domains]


def change_expert(
    house: House,
    person: Person,
    cycle_id: str,
    user_id: str,
    *,
    fields: Sequence[str],
    units: Sequence[str],
    shown: str | None = None,
) -> None:
    """Say what an expert knows and to which units they have ties (names); `shown`: the mark of the form.

    Raises Trouble(404, 409, 422).
    """
    with house.database.write() as connection:
        hold(connection, UserAccount, user_id)
        cycle = _run_cycle(connection, person, cycle_id)
        listed = listed_experts(connection, house.engine.definitions, cycle, today=house.today)
        expert = next((one for one in listed if one.user_id == user_id), None)
        if expert is None:
            raise Trouble(404, "not_found")
        check_as_shown(shown, list(expert.fields), list(expert.units))
        known = {
            str(row.name): str(row.id)
            for row in connection.execute(
                select(UNITS.c.id, UNITS.c.name).where(UNITS.c.assessor_id == cycle["assessor_id"])
            )
        }
        unknown = [name for name in units if name not in known]
        if unknown:
            raise Trouble(422, "unit_unknown", _("没有单位“{name}”。").format(name="、".join(unknown)))
        connection.execute(delete(EXPERTS).where(EXPERTS.c.user_id == user_id))
        connection.execute(
            insert(EXPERTS).values(
                user_id=user_id,
                fields=[one.strip() for one in fields if one.strip()],
                units=[known[name] for name in units],
                changed_at=house.engine.clock.now(),
            )
        )


def who_is_promoted(
    house: House, person: Person, cycle_id: str, before: Mapping[str, Decimal]
) -> list[Place]:
    """D14 over totals without the bonus (by unit id), with the year's own bonus points. Raises NotAllowed."""
    with house.database.read() as connection:
        cycle = _run_cycle(connection, person, cycle_id)
        bonus = bonus_of(connection, cycle["id"])
        return promotions(before, bonus, scheme=scoring_scheme(scheme_of(connection, cycle["id"])))


def public_list(connection: Connection, house: House) -> dict[str, Any]:
    """The list of awards that is open to objections. Raises Trouble(404)."""
    publicity = open_publicity(connection, None, today=house.today)
    if publicity is None:
        raise Trouble(404, "not_found", _("现在没有正在公示的获奖名单。"))
    return {**publicity, "awards": published_awards(connection, publicity["cycle_id"])}


def take_objection(
    request: Request,
    house: House,
    project_id: str,
    *,
    text: str,
    name: str = "",
    person: Person | None = None,
) -> str:
    """An objection, from the public or (with `person`) in the name of the person's unit; its id.

    Raises Trouble(404, 429), ObjectionRefused.
    """
    address = request.client.host if request.client else ""
    if person is None and not request.app.state.comment_limit.admits(address):
        raise Trouble(429, "too_many", _("同一地点一小时内提交的意见太多，请过一会儿再试。"))
    at = house.engine.clock.now()
    with house.database.write() as connection:
        publicity = public_list(connection, house)
        unit_id = None
        if person is not None:
            unit_id = _objecting_unit(person)
            if engine_cycle(connection, publicity["cycle_id"]).assessor_id not in assessors_of(person):
                raise Trouble(404, "not_found")
        taken = object_to(connection, publicity, project_id, text=text, name=name, unit_id=unit_id, at=at)
        message = NewMessage(
            cycle_id=publicity["cycle_id"],
            name=OBJECTION,
            correlation_key=publicity["cycle_id"],
            message_id=taken,
            time_to_live=timedelta(days=60),
        )
        house.engine.publish(connection, message)
    return taken


def refused_as_trouble(refused: ObjectionRefused) -> Trouble:
    """The refusal as REST answers it."""
    error = {"field": refused.field, "code": "refused", "message": f"{refused}。"}
    return Trouble(422, "refused", f"{refused}。", errors=[error] if refused.field else [])


def _run_cycle(connection: Connection, person: Person, cycle_id: str) -> Mapping[str, Any]:
    cycles = [one for assessor in assessors_of(person) for one in cycles_of(connection, assessor)]
    found: Mapping[str, Any] = chosen_cycle(cycles, cycle_id)
    require(person, "run_cycle", Thing(assessor_id=found["assessor_id"], cycle_id=found["id"]))
    return found


def _objecting_unit(person: Person) -> str:
    """The unit for which the person may speak. Raises Trouble(403)."""
    for right in person.rights_to("see_instance"):
        if right.reach == "unit":
            return right.unit_id
    raise Trouble(403, "not_allowed")


def _is_theirs(connection: Connection, person: Person, project: Mapping[str, Any], assessor_id: str) -> bool:
    units = [project["unit_id"], *(one["id"] for one in partners_of(connection, project["id"]))]
    return any(
        may(
            person,
            "see_instance",
            Thing(unit_id=unit, assessor_id=assessor_id, cycle_id=project["cycle_id"]),
        )
        for unit in units
    )


def _row(connection: Connection, person: Person, project: Mapping[str, Any]) -> dict[str, Any]:
    """A line of the list; only whoever may see the process gets its address, a partner does not."""
    instance_id = project["instance_id"]
    return {
        **{name: project[name] for name in ("id", "number", "title", "unit_name", "domain", "state")},
        "instance_id": instance_id if instance_id and may_see(connection, person, instance_id) else None,
        "partners": "、".join(one["name"] for one in partners_of(connection, project["id"])),
        "state_text": STATES.get(project["state"], project["state"]),
    }
