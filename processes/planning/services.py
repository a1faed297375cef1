"""What programs do in the diagrams of planning: arrival, reminders, publication, issue."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Connection, select, update

from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import Service, ServiceCall, Value
from processes.cycle.documents import DOCUMENTS
from processes.cycle.reading import cycle_of, scheme_of
from processes.cycle.records import Cycle, Publication
from processes.planning.arrival import TARGETS, arrive, assigned_of
from processes.planning.assigning import apply_assignment
from processes.planning.city_steps import CONSULTATIONS
from processes.planning.decisions import Consultation
from processes.planning.participants import (
    existing,
    left_out,
    participants,
    planning_day,
    units_named,
)
from processes.planning.steps import PLANS, mark_plan, open_plans
from processes.planning.telling import tell, tell_units
from processes.planning.versions import Occasion, add_versions
from processes.tables import table_of

PUBLICATIONS = table_of(Publication)
CYCLES = table_of(Cycle)


def prepare(call: ServiceCall) -> dict[str, Value]:
    """下达上级目标: the year's assigned targets reach their units; who plans, and by when.

    `unitCodes` among the variables limits the round to some units (a pilot).
    """
    cycle = cycle_of(call.connection, call.cycle_id)
    scheme = scheme_of(call.connection, call.cycle_id)
    day = planning_day(cycle["year"], call.today)
    bring_targets(call.connection, call.cycle_id, at=call.at, on=day, instance_id=call.instance_id)
    codes = call.variables.get("unitCodes")
    units = participants(
        call.connection,
        cycle_id=call.cycle_id,
        assessor_id=cycle["assessor_id"],
        codes=codes if isinstance(codes, list) else None,
        on=day,
    )
    open_plans(call.connection, call.cycle_id, [unit["id"] for unit in units])
    for unit in left_out(call.connection, call.cycle_id, today=call.today):
        mark_plan(
            call.connection,
            cycle_id=call.cycle_id,
            unit_id=unit.id,
            state="left_out",
            remark=unit.sentence,
        )
    planning = scheme["planning"]
    return {
        "units": units,
        "round": 1,
        "reportDue": date.fromisoformat(cycle["calendar"]["plan_report_due"]["on"]),
        "issueDue": date.fromisoformat(cycle["calendar"]["plan_issue_due"]["on"]),
        "remindDays": planning["remindWorkingDays"]["value"],
        "reviewDays": planning["reviewWorkingDays"]["value"],
        "reworkDays": planning["reworkWorkingDays"]["value"],
        "consultationDays": planning["consultationWorkingDays"]["value"],
    }


def bring_targets(
    connection: Connection,
    cycle_id: str,
    *,
    at: datetime,
    on: date | None = None,
    instance_id: str | None = None,
) -> int:
    """Put the assigned targets of the cycle's year on its units, as its profile says; how many were new.

    With `on` a unit that does not exist on that day gets none.
    Raises: UnresolvedUnit.
    """
    cycle = cycle_of(connection, cycle_id)
    scheme = scheme_of(connection, cycle_id)
    units = units_named(connection, assessor_id=cycle["assessor_id"], groups=scheme["unitGroups"])
    basis = str(scheme["assignedTargets"]["basis"])
    assigned = assigned_of(cycle["year"], units, tables=scheme["assignedTargets"])
    if on is not None:
        here = existing(connection, {unit for target in assigned for unit in target.units}, on=on)
        assigned = [replace(one, units=[unit for unit in one.units if unit in here]) for one in assigned]
    return arrive(connection, assigned, cycle_id=cycle_id, basis=basis, at=at, instance_id=instance_id)


def open_consultation(call: ServiceCall) -> dict[str, Value]:
    """公示年度目标: the targets lie open to the public until the end of the day `until`, as `title`."""
    closes_on = call.inputs["until"]
    consultation_id = new_id()
    insert_row(
        call.connection,
        CONSULTATIONS,
        id=consultation_id,
        cycle_id=call.cycle_id,
        opened_at=call.at,
        closes_on=closes_on,
        state="open",
        instance_id=call.instance_id,
    )
    _publish(call, kind="consultation")
    return {"consultationId": consultation_id, "closesOn": closes_on}


def close_consultation(call: ServiceCall) -> dict[str, Value]:
    """结束公示: no more comments are taken."""
    consultations = table_of(Consultation)
    call.connection.execute(
        update(consultations)
        .where(consultations.c.id == call.inputs["consultationId"])
        .values(state="closed", closed_at=call.at)
    )
    return {}


def issue(call: ServiceCall) -> dict[str, Value]:
    """下达年度目标: every approved unit's targets are in force under the document, and the posts are told.

    Inputs: `documentId`, the `title` they are published under, and those of `tell` (places: also {number}).
    """
    document_id = str(call.inputs["documentId"])
    number, issued_on = _document(call.connection, document_id)
    approved = _approved(call.connection, call.cycle_id)
    mine = TARGETS.c.cycle_id == call.cycle_id, TARGETS.c.unit_id.in_(approved)
    issued = call.connection.execute(select(TARGETS.c.id).where(*mine)).scalars().all()
    occasion = Occasion(number, call.at, basis_on=issued_on, instance_id=call.instance_id)
    add_versions(call.connection, issued, occasion)
    call.connection.execute(update(TARGETS).where(*mine).values(state="issued"))
    call.connection.execute(
        update(PLANS)
        .where(PLANS.c.cycle_id == call.cycle_id, PLANS.c.unit_id.in_(approved))
        .values(state="issued")
    )
    call.connection.execute(update(CYCLES).where(CYCLES.c.id == call.cycle_id).values(state="running"))
    _publish(call, kind="targets", document_id=document_id)
    tell(call, number=number)
    return {"issuedUnits": len(approved)}


def _approved(connection: Connection, cycle_id: str) -> list[str]:
    query = select(PLANS.c.unit_id).where(PLANS.c.cycle_id == cycle_id, PLANS.c.state == "approved")
    return list(connection.execute(query).scalars())


def _document(connection: Connection, document_id: str) -> tuple[str, date]:
    query = select(DOCUMENTS.c.number, DOCUMENTS.c.issued_on).where(DOCUMENTS.c.id == document_id)
    number, issued_on = connection.execute(query).one()
    return str(number), issued_on


def _publish(call: ServiceCall, *, kind: str, document_id: str | None = None) -> None:
    insert_row(
        call.connection,
        PUBLICATIONS,
        id=new_id(),
        cycle_id=call.cycle_id,
        kind=kind,
        title=str(call.inputs["title"]),
        body="",
        document_id=document_id,
        instance_id=call.instance_id,
        published_at=call.at,
    )


def write_assignment(call: ServiceCall) -> dict[str, Value]:
    """写入新版本: the value that came from above becomes the target's newest version.

    `versionBefore` is the version of the assignment whose confirmation this one ends, `superseded` says that
    this one has itself been overtaken; `targetTitle` and `assignedUnder` (the document) are for telling.
    """
    applied = apply_assignment(
        call.connection, str(call.inputs["assignmentId"]), at=call.at, instance_id=call.instance_id
    )
    return {
        "versionNumber": Decimal(applied.version),
        "versionBefore": Decimal(applied.before),
        "superseded": applied.superseded,
        "targetTitle": applied.title,
        "assignedUnder": applied.document,
    }


SERVICES: dict[str, Service] = {
    "planning.prepare": prepare,
    "planning.tell_units": tell_units,
    "planning.open_consultation": open_consultation,
    "planning.close_consultation": close_consultation,
    "planning.issue": issue,
    "planning.apply_assignment": write_assignment,
}
