"""What programs do in the diagram of grading: gather, calculate, seal."""

from datetime import date
from decimal import Decimal

from engine.work.bindings import Service, ServiceCall, Value, reads_only
from processes.cycle.reading import cycle_of
from processes.cycle.reading import scheme_of as profile_of
from processes.evaluation.grading.content import Basis, content_of, with_decisions
from processes.evaluation.grading.deciding import adjustments_of, decisions_as_sealed, write_grades
from processes.evaluation.grading.marks import board_of
from processes.evaluation.grading.rules import bound_versions, rulebook_of
from processes.evaluation.grading.sealing import content_in, seal
from processes.evaluation.scheme import scheme_of
from processes.evaluation.scoring import score


@reads_only
def gather(call: ServiceCall) -> dict[str, Value]:
    """汇总分项: how many marks are still missing; the data lock and the days that each step has."""
    board = board_of(call.connection, call.cycle_id)
    calendar = cycle_of(call.connection, call.cycle_id)["calendar"]
    days = profile_of(call.connection, call.cycle_id)["grading"]
    return {
        "missing": Decimal(len(board.gaps)),
        "dataLock": date.fromisoformat(calendar["data_lock"]["on"]),
        "marksDays": days["marksWorkingDays"]["value"],
        "checkDays": days["checkWorkingDays"]["value"],
        "decisionDays": days["decisionWorkingDays"]["value"],
    }


def calculate(call: ServiceCall) -> dict[str, Value]:
    """计算总分和等次 (D08, D10 to D14) by the decisions deployed with the diagram; sealed as it is."""
    board = board_of(call.connection, call.cycle_id)
    cycle = cycle_of(call.connection, call.cycle_id)
    versions = bound_versions(call.connection, call.instance_id)
    scheme = scheme_of(profile_of(call.connection, call.cycle_id))
    scored = score(board.units, scheme=scheme, rulebook=rulebook_of(versions))
    content = content_of(Basis(cycle, board.names, board.scores), scored, versions=versions)
    snapshot_id = seal(
        call.connection,
        content,
        purpose="calculated",
        reason=str(call.inputs.get("reason") or "综合评定"),
        at=call.at,
        instance_id=call.instance_id,
    )
    return {"snapshotId": snapshot_id, "calculatedOn": call.today}


def seal_grades(call: ServiceCall) -> dict[str, Value]:
    """封存并定级: what the committee decided on the calculation, approved, becomes the units' grades.

    Inputs: `snapshotId`, `deliberationId` and `approvalId`, the two bodies' decisions.
    """
    calculated = str(call.inputs["snapshotId"])
    deliberation = str(call.inputs["deliberationId"])
    content = content_in(call.connection, calculated)
    adjustments = adjustments_of(call.connection, deliberation)
    decided = with_decisions(
        content,
        adjustments=adjustments,
        decisions=decisions_as_sealed(call.connection, [deliberation, str(call.inputs["approvalId"])]),
    )
    snapshot_id = seal(
        call.connection,
        decided,
        purpose="decided",
        reason=str(call.inputs.get("reason") or "综合评定"),
        at=call.at,
        instance_id=call.instance_id,
        previous_id=calculated,
    )
    write_grades(call.connection, decided, snapshot_id=snapshot_id, at=call.at)
    return {"decidedSnapshotId": snapshot_id}


SERVICES: dict[str, Service] = {
    "grading.gather": gather,
    "grading.calculate": calculate,
    "grading.seal": seal_grades,
}
