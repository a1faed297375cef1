"""分配专家: seats over every project of a round, released by the office, filled anew when one leaves."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import FieldError, FormData, ServiceCall, StepContext, Value
from processes.innovation.reading import PROJECTS, SEATS, TOPICS, project_label, project_of, variable
from processes.innovation.seating import Panel, barred, panel_of, units_behind
from processes.planning.entry import rows_in, text_of

VACANT = "vacant"


def assign(call: ServiceCall) -> dict[str, Value]:
    """分配专家: so many seats over each project as the profile says; nobody is put over their own unit.

    A project with the fewest possible experts comes first, so that nobody takes its last one away.
    """
    limits = call.variables["limits"]
    panel = panel_of(call, most=int(limits["projectsPerExpert"]))
    wanted = int(limits["expertsPerProject"])
    projects = [project_of(call.connection, str(one["id"])) for one in call.variables["projects"]]
    units = {project["id"]: units_behind(call, project) for project in projects}
    gone = {project["id"]: barred(call, project["id"]) for project in projects}

    def choices(project: Mapping[str, Any]) -> list[Any]:
        return panel.choices(project, units[project["id"]], without=gone[project["id"]])

    for project in sorted(projects, key=lambda one: (len(choices(one)), one["number"])):
        taken = choices(project)[:wanted]
        for number in range(1, wanted + 1):
            expert = taken[number - 1] if number <= len(taken) else None
            if expert is not None:
                panel.seat(expert)
            _add_seat(call, project["id"], number=number, user_id=expert.id if expert else None)
    return {}


class Seats:
    """核定专家名单: the office looks at the assignment and may change it before anybody hears of it."""

    def read(self, step: StepContext) -> FormData:
        panel = panel_of(step, most=_most(step))
        rows = _seats(step)
        return {
            "round": str(step.variables["round"]),
            "seats": [
                {
                    "id": row["id"],
                    "locked": True,
                    "project": f"{row['project_number']} {row['title']}",
                    "domain": row["domain"],
                    "expert": row["user_id"],
                    "why": "" if row["user_id"] else "没有足够的专家，请指定",
                }
                for row in rows
            ],
            "expert_options": _options(panel),
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        panel, found = panel_of(step, most=_most(step)), []
        tied = {one.id: one.tied for one in panel.experts}
        seats = {row["id"]: row for row in _seats(step)}
        seen: set[tuple[str, str]] = set()
        for index, row in enumerate(rows_in(data, "seats")):
            seat, expert = seats.get(str(row.get("id"))), text_of(row.get("expert"))
            if seat is None or expert not in tied:
                found.append(FieldError(f"seats.{index}.expert", "unknown", "请选择一位专家"))
                continue
            place = (seat["project_id"], expert)
            project = project_of(step.connection, seat["project_id"])
            if tied[expert] & units_behind(step, project):
                sentence = "这位专家在项目的牵头或联合单位任职，或申报过利益关系，应当回避"
                found.append(FieldError(f"seats.{index}.expert", "conflict", sentence))
            elif place in seen:
                sentence = "同一项目不能两次安排同一位专家"
                found.append(FieldError(f"seats.{index}.expert", "twice", sentence))
            seen.add(place)
        return found

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        chosen = {str(row.get("id")): text_of(row.get("expert")) for row in rows_in(data, "seats")}
        for seat in _seats(step):
            step.connection.execute(
                update(SEATS)
                .where(SEATS.c.id == seat["id"])
                .values(user_id=chosen.get(seat["id"], seat["user_id"]), state="released")
            )
        released = _seats(step, state="released")
        return {"seats": [seat_variable(row, code=row["project_number"]) for row in released]}


def replace(call: ServiceCall) -> dict[str, Value]:
    """更换专家: the one before declared a tie or was late; the next best sits down, if there is one."""
    seat = variable(call, "seat")
    call.connection.execute(
        update(SEATS)
        .where(SEATS.c.id == seat["id"], SEATS.c.state == "released")
        .values(state="late", ended_at=call.at)
    )
    project = project_of(call.connection, str(seat["project"]))
    panel = panel_of(call, most=_most(call))
    left = panel.choices(project, units_behind(call, project), without=barred(call, project["id"]))
    if not left:
        return {"found": False}
    return {"found": True, "seat": _next_seat(call, seat, left[0].id)}


class SeatChoice:
    """指定专家: nobody was left to replace an expert; the office asks somebody, or leaves the seat empty."""

    def read(self, step: StepContext) -> FormData:
        seat = variable(step, "seat")
        project = project_of(step.connection, str(seat["project"]))
        return {
            "project": project_label(project),
            "number": str(seat["number"]),
            "expert": None,
            "expert_options": _options(panel_of(step, most=_most(step))),
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        if outcome == VACANT:
            return []
        expert = text_of(data.get("expert"))
        project = project_of(step.connection, str(variable(step, "seat")["project"]))
        tied = {one.id: one.tied for one in panel_of(step, most=_most(step)).experts}
        if expert not in tied:
            return [FieldError("expert", "required", "请选择一位专家")]
        if tied[expert] & units_behind(step, project) or expert in barred(step, project["id"]):
            return [FieldError("expert", "conflict", "这位专家应当回避，或已经评过、退出过这个项目")]
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        if outcome == VACANT:
            return {}
        return {"seat": _next_seat(step, variable(step, "seat"), text_of(data.get("expert")))}


def seat_variable(row: Mapping[str, Any], *, code: str) -> dict[str, Value]:
    """A seat as diagrams pass it, with the project's number. The project's unit is not in it: experts' steps
    see these variables."""
    return {
        "id": row["id"],
        "project": row["project_id"],
        "code": code,
        "number": row["number"],
        "attempt": row["attempt"],
        "expert": row["user_id"],
    }


def _next_seat(step: StepContext, seat: Mapping[str, Any], user_id: str) -> dict[str, Value]:
    query = select(SEATS.c.attempt).where(
        SEATS.c.project_id == seat["project"],
        SEATS.c.round == int(step.variables["round"]),
        SEATS.c.number == int(seat["number"]),
    )
    attempt = max(step.connection.execute(query).scalars()) + 1
    seat_id = _add_seat(
        step,
        str(seat["project"]),
        number=int(seat["number"]),
        user_id=user_id,
        attempt=attempt,
        state="released",
    )
    row = step.connection.execute(select(SEATS).where(SEATS.c.id == seat_id)).mappings().one()
    return seat_variable(dict(row), code=str(seat["code"]))


def _add_seat(
    step: StepContext,
    project_id: str,
    *,
    number: int,
    user_id: str | None,
    attempt: int = 1,
    state: str = "assigned",
) -> str:
    seat_id = new_id()
    insert_row(
        step.connection,
        SEATS,
        id=seat_id,
        cycle_id=step.cycle_id,
        project_id=project_id,
        round=int(step.variables["round"]),
        number=number,
        attempt=attempt,
        user_id=user_id,
        state=state,
        reason="",
        assigned_at=step.at,
    )
    return seat_id


def _seats(step: StepContext, *, state: str = "assigned") -> list[dict[str, Any]]:
    query = (
        select(SEATS, PROJECTS.c.number.label("project_number"), PROJECTS.c.title, TOPICS.c.domain)
        .join(PROJECTS, PROJECTS.c.id == SEATS.c.project_id)
        .join(TOPICS, TOPICS.c.id == PROJECTS.c.topic_id)
        .where(
            SEATS.c.cycle_id == step.cycle_id,
            SEATS.c.round == int(step.variables["round"]),
            SEATS.c.state == state,
        )
        .order_by(PROJECTS.c.number, SEATS.c.number)
    )
    return [dict(row) for row in step.connection.execute(query).mappings()]


def _options(panel: Panel) -> list[dict[str, str]]:
    return [
        {"label": f"{one.name}（{'、'.join(sorted(one.fields)) or '领域未填'}）", "value": one.id}
        for one in panel.experts
    ]


def _most(step: StepContext) -> int:
    return int(step.variables["limits"]["projectsPerExpert"])
