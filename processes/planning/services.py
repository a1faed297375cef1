"""What programs do in the diagrams of planning: arrival, reminders, publication, issue."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from engine.ids import new_id
from engine.work.bindings import Service, ServiceCall, Value
from engine.work.notices import Notice, notify
from processes.cycle.documents import DOCUMENTS
from processes.cycle.records import Cycle, Publication
from processes.planning.arrival import TARGETS, arrive, assigned_of
from processes.planning.assigning import apply_assignment
from processes.planning.city_steps import CONSULTATIONS, unit_references
from processes.planning.decisions import Consultation
from processes.planning.participants import participants, units_named
from processes.planning.steps import PLANS, cycle_of, open_plans, scheme_of
from processes.planning.versions import add_version, latest_number
from processes.tables import table_of

PUBLICATIONS = table_of(Publication)
CYCLES = table_of(Cycle)
LATE = ("drafting", "returned")


def prepare(call: ServiceCall) -> dict[str, Value]:
    """下达上级目标: the year's assigned targets reach their units; who plans, and by when.

    `unitCodes` among the variables limits the round to some units (a pilot).
    """
    cycle = cycle_of(call.connection, call.cycle_id)
    scheme = scheme_of(call.connection, call.cycle_id)
    bring_targets(call.connection, call.cycle_id, at=call.at, instance_id=call.instance_id)
    codes = call.variables.get("unitCodes")
    units = participants(
        call.connection,
        cycle_id=call.cycle_id,
        assessor_id=cycle["assessor_id"],
        codes=codes if isinstance(codes, list) else None,
    )
    open_plans(call.connection, call.cycle_id, [unit["id"] for unit in units])
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
    connection: Connection, cycle_id: str, *, at: datetime, instance_id: str | None = None
) -> int:
    """Put the assigned targets of the cycle's year on its units, as its profile says; how many were new.

    Raises: UnresolvedUnit.
    """
    cycle = cycle_of(connection, cycle_id)
    scheme = scheme_of(connection, cycle_id)
    units = units_named(connection, assessor_id=cycle["assessor_id"], groups=scheme["unitGroups"])
    basis = str(scheme["assignedTargets"]["basis"])
    assigned = assigned_of(cycle["year"], units)
    return arrive(connection, assigned, cycle_id=cycle_id, basis=basis, at=at, instance_id=instance_id)


def remind_unreported(call: ServiceCall) -> dict[str, Value]:
    """临近截止: the liaison and the division of every unit that has not reported are told."""
    units = _late_units(call)
    _tell(call, units, kind="planning.soon_due", posts=("liaison", "division"))
    return {"reminded": len(units)}


def escalate_unreported(call: ServiceCall) -> dict[str, Value]:
    """逾期: the unit's leaders are told, and the office's head gets the list."""
    units = _late_units(call)
    _tell(call, units, kind="planning.overdue", posts=("deputy", "head"))
    if units:
        cycle = cycle_of(call.connection, call.cycle_id)
        names = [str(unit["name"]) for unit in units]
        notice = Notice(
            cycle_id=call.cycle_id,
            kind="planning.overdue_units",
            params={"units": names, "count": len(units), "year": cycle["year"]},
            unit_id=cycle["assessor_id"],
            post_key="office.head",
            instance_id=call.instance_id,
        )
        notify(call.connection, [notice], at=call.at)
    return {"overdueUnits": len(units)}


def open_consultation(call: ServiceCall) -> dict[str, Value]:
    """公示年度目标: the targets lie open to the public until the end of the day `until`."""
    closes_on = call.inputs["until"]
    consultation_id = new_id()
    call.connection.execute(
        insert(CONSULTATIONS).values(
            id=consultation_id,
            cycle_id=call.cycle_id,
            opened_at=call.at,
            closes_on=closes_on,
            state="open",
            instance_id=call.instance_id,
        )
    )
    year = cycle_of(call.connection, call.cycle_id)["year"]
    _publish(call, kind="consultation", title=f"{year} 年度绩效目标公开征求意见")
    return {"consultationId": consultation_id, "closesOn": closes_on}


def close_consultation(call: ServiceCall) -> dict[str, Value]:
    """结束公示: no more comments are taken."""
    consultations = table_of(Consultation)
    call.connection.execute(
        update(consultations)
        .where(consultations.c.id == call.inputs["consultationId"])
        .values(state="closed")
    )
    return {}


def issue(call: ServiceCall) -> dict[str, Value]:
    """下达年度目标: every approved unit's targets are in force under the document, and the units are told."""
    document_id = str(call.inputs["documentId"])
    number = _document_number(call.connection, document_id)
    approved = _approved(call.connection, call.cycle_id)
    mine = TARGETS.c.cycle_id == call.cycle_id, TARGETS.c.unit_id.in_(approved)
    for row in call.connection.execute(select(TARGETS.c.id, TARGETS.c.text).where(*mine)).all():
        if latest_number(call.connection, row.id) == 0:
            add_version(
                call.connection,
                row.id,
                text=row.text,
                basis=number,
                at=call.at,
                instance_id=call.instance_id,
            )
    call.connection.execute(update(TARGETS).where(*mine).values(state="issued"))
    call.connection.execute(
        update(PLANS)
        .where(PLANS.c.cycle_id == call.cycle_id, PLANS.c.unit_id.in_(approved))
        .values(state="issued")
    )
    call.connection.execute(update(CYCLES).where(CYCLES.c.id == call.cycle_id).values(state="running"))
    year = cycle_of(call.connection, call.cycle_id)["year"]
    _publish(call, kind="targets", title=f"{year} 年度绩效目标", document_id=document_id)
    units = [unit for unit in unit_references(call.connection, call.cycle_id) if unit["id"] in approved]
    _tell(call, units, kind="planning.issued", posts=("liaison", "head"), number=number)
    return {"issuedUnits": len(units)}


def _approved(connection: Connection, cycle_id: str) -> list[str]:
    query = select(PLANS.c.unit_id).where(PLANS.c.cycle_id == cycle_id, PLANS.c.state == "approved")
    return list(connection.execute(query).scalars())


def _document_number(connection: Connection, document_id: str) -> str:
    query = select(DOCUMENTS.c.number).where(DOCUMENTS.c.id == document_id)
    return str(connection.execute(query).scalar_one())


def _late_units(call: ServiceCall) -> list[dict[str, Value]]:
    query = select(PLANS.c.unit_id).where(PLANS.c.cycle_id == call.cycle_id, PLANS.c.state.in_(LATE))
    late = set(call.connection.execute(query).scalars())
    asked = call.variables.get("units") or []
    return [unit for unit in asked if unit["id"] in late]


def _tell(
    call: ServiceCall, units: Sequence[dict[str, Value]], *, kind: str, posts: Sequence[str], **params: Any
) -> None:
    year = cycle_of(call.connection, call.cycle_id)["year"]
    notices = [
        Notice(
            cycle_id=call.cycle_id,
            kind=kind,
            params={"unit": unit["name"], "year": year, **params},
            unit_id=str(unit["id"]),
            post_key=post,
            instance_id=call.instance_id,
        )
        for unit in units
        for post in posts
    ]
    if notices:
        notify(call.connection, notices, at=call.at)


def _publish(call: ServiceCall, *, kind: str, title: str, document_id: str | None = None) -> None:
    call.connection.execute(
        insert(PUBLICATIONS).values(
            id=new_id(),
            cycle_id=call.cycle_id,
            kind=kind,
            title=title,
            body="",
            document_id=document_id,
            instance_id=call.instance_id,
            published_at=call.at,
        )
    )


def write_assignment(call: ServiceCall) -> dict[str, Value]:
    """写入新版本: the value that came from above becomes the target's newest version."""
    number = apply_assignment(
        call.connection, str(call.inputs["assignmentId"]), at=call.at, instance_id=call.instance_id
    )
    return {"versionNumber": number}


SERVICES: dict[str, Service] = {
    "planning.prepare": prepare,
    "planning.remind_unreported": remind_unreported,
    "planning.escalate_unreported": escalate_unreported,
    "planning.open_consultation": open_consultation,
    "planning.close_consultation": close_consultation,
    "planning.issue": issue,
    "planning.apply_assignment": write_assignment,
}
