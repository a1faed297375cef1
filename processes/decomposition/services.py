"""What programs do in the decomposition: who has targets in force, and telling persons."""

from typing import Any

from sqlalchemy import select

from engine.people.divisions import divisions_of
from engine.work.bindings import Service, ServiceCall, Value, reads_only
from engine.work.notices import Notice, notify
from processes.cycle.reading import cycle_of
from processes.decomposition.asking import settings, targets_in_force
from processes.decomposition.confirm_step import keep_silence
from processes.planning.reading import TARGETS
from processes.planning.steps import UNITS, unit_of
from processes.planning.telling import worded


@reads_only
def open_year(call: ServiceCall) -> dict[str, Value]:
    """列出要分解的单位: every unit with targets in force, by code."""
    query = (
        select(UNITS.c.id, UNITS.c.name, UNITS.c.code)
        .join(TARGETS, TARGETS.c.unit_id == UNITS.c.id)
        .where(TARGETS.c.cycle_id == call.cycle_id, TARGETS.c.state == "issued")
        .distinct()
        .order_by(UNITS.c.code)
    )
    return {"units": [dict(row) for row in call.connection.execute(query).mappings()]}


@reads_only
def open_unit(call: ServiceCall) -> dict[str, Value]:
    """确定要分解的目标: the unit's targets in force (of `targetIds` where it is given), its terms.

    `divided` says whether the unit has divisions today; `run` names this run for everything below it;
    `about` is the target's name where only one is asked for.
    """
    wanted: Any = call.inputs.get("targetIds")
    unit_id = unit_of(call)["id"]
    targets = targets_in_force(
        call.connection,
        cycle_id=call.cycle_id,
        unit_id=unit_id,
        target_ids=[str(one) for one in wanted] if isinstance(wanted, list) else None,
    )
    return {
        "targetIds": [target.id for target in targets],
        "divided": bool(divisions_of(call.connection, unit_id, on=call.today)),
        "run": call.instance_id,
        "about": targets[0].label if wanted and len(targets) == 1 else None,
        "limits": settings(call.connection, call.cycle_id),
    }


def tell_people(call: ServiceCall) -> dict[str, Value]:
    """告知责任人: a notice to each of `people`.

    Inputs: `people` [{id, name}], `notice` the kind, `text` its words with {unit} and {year}.
    """
    year = cycle_of(call.connection, call.cycle_id)["year"]
    text = worded(str(call.inputs["text"]), {"unit": unit_of(call)["name"], "year": year})
    notices = [
        Notice(
            cycle_id=call.cycle_id,
            kind=str(call.inputs["notice"]),
            params={"notice": text, "year": year},
            user_id=str(person["id"]),
            instance_id=call.instance_id,
        )
        for person in call.inputs.get("people") or []
    ]
    if notices:
        notify(call.connection, notices, at=call.at)
    return {}


SERVICES: dict[str, Service] = {
    "decomposition.open_year": open_year,
    "decomposition.open_unit": open_unit,
    "decomposition.silence": keep_silence,
    "decomposition.tell_people": tell_people,
}
