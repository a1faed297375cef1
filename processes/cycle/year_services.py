"""What programs do in the year's own process: tell every unit, close the year."""

from sqlalchemy import select, update

from engine.people.tables import Unit
from engine.work.bindings import Service, ServiceCall, Value
from engine.work.notices import Notice, notify
from engine.work.placing import heard
from processes.cycle.reading import CYCLES, cycle_of
from processes.tables import table_of

UNITS = table_of(Unit)


def tell_all(call: ServiceCall) -> dict[str, Value]:
    """告知各单位: `posts` (keys) of every assessed unit are told `text`, as a notice of kind `notice`.

    The text may name {year} and {reason}.
    """
    cycle = cycle_of(call.connection, call.cycle_id)
    text = str(call.inputs["text"]).format(year=cycle["year"], reason=call.variables.get("reason") or "")
    units = call.connection.execute(
        select(UNITS.c.id)
        .where(UNITS.c.assessor_id == cycle["assessor_id"], UNITS.c.assessed.is_(True))
        .where((UNITS.c.valid_until_on.is_(None)) | (UNITS.c.valid_until_on >= call.today))
        .order_by(UNITS.c.code)
    ).scalars()
    notices = [
        Notice(
            cycle_id=call.cycle_id,
            kind=str(call.inputs["notice"]),
            params={"notice": text, "year": cycle["year"]},
            unit_id=unit_id,
            post_key=str(post),
            instance_id=call.instance_id,
        )
        for unit_id in units
        for post in call.inputs["posts"]
    ]
    if notices:
        notify(call.connection, heard(call.connection, notices, on=call.today), at=call.at)
    return {}


def close_year(call: ServiceCall) -> dict[str, Value]:
    """年度办结: nothing of the year is changed any more."""
    call.connection.execute(update(CYCLES).where(CYCLES.c.id == call.cycle_id).values(state="closed"))
    return {}


SERVICES: dict[str, Service] = {"cycle.tell_all": tell_all, "cycle.close": close_year}
