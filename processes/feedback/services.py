"""What programs do in the diagrams of feedback: sheets, corrections, re-grading, the notice, publication."""

from decimal import Decimal
from typing import Any

from sqlalchemy import select, update

from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import Service, ServiceCall, Value, reads_only
from processes.cycle.reading import scheme_of
from processes.cycle.records import Publication
from processes.evaluation.grading.content import Content
from processes.evaluation.grading.deciding import current_grades, graded_anew, write_grades
from processes.evaluation.grading.entering import enter_marks
from processes.evaluation.grading.marks import UNITS, Board, board_of
from processes.evaluation.grading.reading import grade_of, grades_by_year, streak_of
from processes.evaluation.grading.sealing import content_in, seal
from processes.evaluation.scheme import scheme_of as decision_scheme
from processes.feedback.appeals import component_of, last_review, note_act, read_appeal
from processes.feedback.records import CivilRatio, ResultNotice
from processes.feedback.steps import SHEETS
from processes.tables import table_of

NOTICES = table_of(ResultNotice)
RATIOS = table_of(CivilRatio)
PUBLICATIONS = table_of(Publication)


class NotGraded(Exception):
    """Feedback was started before the year was graded."""

    def __init__(self) -> None:
        super().__init__("本年度还没有定级，不能反馈。请先完成综合评定。")


@reads_only
def prepare(call: ServiceCall) -> dict[str, Value]:
    """准备反馈: the graded units as diagrams pass them, and the days of each step. Raises NotGraded."""
    graded = [row["unit_id"] for row in current_grades(call.connection, call.cycle_id)]
    if not graded:
        raise NotGraded
    scheme = scheme_of(call.connection, call.cycle_id)
    days, grading = scheme["feedback"], scheme["grading"]
    return {
        "units": _units(call, graded),
        "appealDays": days["appealWorkingDays"]["value"],
        "admitDays": days["admitWorkingDays"]["value"],
        "reviewDays": days["reviewWorkingDays"]["value"],
        "answerDays": days["answerWorkingDays"]["value"],
        "noticeDays": days["noticeDays"]["value"],
        "decisionDays": grading["decisionWorkingDays"]["value"],
    }


def make_sheet(call: ServiceCall) -> dict[str, Value]:
    """生成成绩单: the unit's grade is shown to it; until `lastDay` it may appeal."""
    unit_id = str(call.variables["unit"]["id"])
    grade = grade_of(call.connection, call.cycle_id, unit_id)
    if grade is None:
        raise NotGraded
    sheet_id = new_id()
    insert_row(
        call.connection,
        SHEETS,
        id=sheet_id,
        cycle_id=call.cycle_id,
        unit_id=unit_id,
        grade_id=grade["id"],
        until_on=call.inputs["lastDay"],
        instance_id=call.instance_id,
        made_at=call.at,
        outcome="",
    )
    return {"sheetId": sheet_id, "until": call.inputs["lastDay"]}


def close_sheet(call: ServiceCall) -> dict[str, Value]:
    """申诉期满: a unit that said nothing has no objection."""
    call.connection.execute(
        update(SHEETS)
        .where(SHEETS.c.id == str(call.inputs["sheetId"]), SHEETS.c.answered_at.is_(None))
        .values(outcome="silent", answered_at=call.at)
    )
    return {}


def try_correction(call: ServiceCall) -> dict[str, Value]:
    """试算更正: what the reviewed mark would change; nothing is graded. No trial without a mark."""
    appeal = read_appeal(call.connection, str(call.inputs["appealId"]))
    review = last_review(call.connection, appeal["id"])
    graded = grade_of(call.connection, call.cycle_id, appeal["unit_id"])
    if review is None or review["value"] is None or graded is None:
        return {"trialId": None, "comparedId": None}
    before = content_in(call.connection, graded["snapshot_id"])
    board = board_of(call.connection, call.cycle_id)
    units = [
        type(unit)(unit.unit, unit.group, {**unit.marks, appeal["component"]: review["value"]}, unit.targets)
        if unit.unit == appeal["unit_id"]
        else unit
        for unit in board.units
    ]
    content = graded_anew(call.connection, before, Board(units, [], board.names, board.scores))
    trial_id = seal(
        call.connection,
        content,
        purpose="trial",
        reason=f"申诉试算：{board.names[appeal['unit_id']]}",
        at=call.at,
        instance_id=call.instance_id,
        previous_id=graded["snapshot_id"],
    )
    return {"trialId": trial_id, "comparedId": graded["snapshot_id"]}


def correct(call: ServiceCall) -> dict[str, Value]:
    """更正并重新定级: the mark becomes the ruled one, and the whole group is graded again.

    The units whose result changed, as diagrams pass units: `changedUnits`.
    """
    appeal = read_appeal(call.connection, str(call.inputs["appealId"]))
    review = last_review(call.connection, appeal["id"])
    graded = grade_of(call.connection, call.cycle_id, appeal["unit_id"])
    assert review is not None and graded is not None  # the ruling asked for both
    [score_id] = enter_marks(
        call.connection,
        cycle_id=call.cycle_id,
        unit_id=appeal["unit_id"],
        marks=[
            (
                component_of(call.connection, call.cycle_id, appeal["component"]),
                review["value"],
                f"申诉更正：{review['text']}",
            )
        ],
        by=None,
        by_unit=None,
        at=call.at,
        method="appeal",
        inputs={"appeal": appeal["id"]},
    )
    board = board_of(call.connection, call.cycle_id)
    content = graded_anew(call.connection, _newest(call, graded), board)
    snapshot_id = seal(
        call.connection,
        content,
        purpose="decided",
        reason=f"申诉更正：{board.names[appeal['unit_id']]}",
        at=call.at,
        instance_id=call.instance_id,
        previous_id=_newest_id(call),
    )
    changed = write_grades(
        call.connection, content, snapshot_id=snapshot_id, at=call.at, groups={graded["unit_group"]}
    )
    note_act(
        call.connection,
        appeal["id"],
        "corrected",
        at=call.at,
        by=None,
        outcome="corrected",
        value=review["value"],
        score_id=score_id,
        snapshot_id=snapshot_id,
    )
    return {"changedUnits": _units(call, changed)}


def _units(call: ServiceCall, ids: list[str]) -> list[dict[str, Value]]:
    """Units as diagrams pass them: {id, name, code}."""
    columns = (UNITS.c.id, UNITS.c.name, UNITS.c.code)
    query = select(*columns).where(UNITS.c.id.in_(ids)).order_by(UNITS.c.code)
    return [dict(row) for row in call.connection.execute(query).mappings()]


def _newest(call: ServiceCall, graded: Any) -> Content:
    return content_in(call.connection, _newest_id(call) or graded["snapshot_id"])


def _newest_id(call: ServiceCall) -> str | None:
    """The snapshot of the newest grades: another appeal may have been corrected in between."""
    rows = current_grades(call.connection, call.cycle_id)
    newest = max(rows, key=lambda row: (row["graded_at"], row["id"]), default=None)
    return None if newest is None else str(newest["snapshot_id"])


def open_notice(call: ServiceCall) -> dict[str, Value]:
    """公示评定结果 until the end of the day `until`, under `title`."""
    notice_id = new_id()
    insert_row(
        call.connection,
        NOTICES,
        id=notice_id,
        cycle_id=call.cycle_id,
        opened_at=call.at,
        closes_on=call.inputs["until"],
        instance_id=call.instance_id,
    )
    _publish(call, kind="result_notice")
    return {"noticeId": notice_id, "closesOn": call.inputs["until"]}


def publish(call: ServiceCall) -> dict[str, Value]:
    """发布评定结果 on the portal, under `title`."""
    publication_id = _publish(call, kind="results")
    call.connection.execute(
        update(NOTICES)
        .where(NOTICES.c.id == str(call.inputs["noticeId"]))
        .values(publication_id=publication_id, published_at=call.at)
    )
    return {"publicationId": publication_id}


def _publish(call: ServiceCall, *, kind: str) -> str:
    publication_id = new_id()
    insert_row(
        call.connection,
        PUBLICATIONS,
        id=publication_id,
        cycle_id=call.cycle_id,
        kind=kind,
        title=str(call.inputs["title"]),
        body="",
        document_id=None,
        instance_id=call.instance_id,
        published_at=call.at,
    )
    return publication_id


def civil_ratios(call: ServiceCall) -> dict[str, Value]:
    """公务员优秀比例 (D15): each unit's share for the next year, by the diagram's own decision."""
    assert call.decide is not None
    scheme = decision_scheme(scheme_of(call.connection, call.cycle_id))
    for grade in current_grades(call.connection, call.cycle_id):
        past = grades_by_year(call.connection, call.cycle_id, grade["unit_id"])
        record = {
            "grade": grade["grade"],
            "streak": Decimal(streak_of(past, grade["grade"])),
            "known_years": Decimal(len(past)),
            "staff": Decimal(0),
        }
        found = call.decide("civil_ratio", {"record": record, "scheme": scheme})
        insert_row(
            call.connection,
            RATIOS,
            id=new_id(),
            cycle_id=call.cycle_id,
            unit_id=grade["unit_id"],
            grade_id=grade["id"],
            ratio_pct=found["ratio_pct"],
            change=found["change"],
            note=found["note"] or "",
            instance_id=call.instance_id,
            made_at=call.at,
        )
    return {}


SERVICES: dict[str, Service] = {
    "feedback.prepare": prepare,
    "feedback.make_sheet": make_sheet,
    "feedback.close_sheet": close_sheet,
    "feedback.try_correction": try_correction,
    "feedback.correct": correct,
    "feedback.open_notice": open_notice,
    "feedback.publish": publish,
    "feedback.civil_ratios": civil_ratios,
}
