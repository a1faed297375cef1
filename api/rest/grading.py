"""综合评定: a year's results, importing components, snapshots and their verification, score sheets."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Depends, UploadFile

from api.errors import Trouble
from api.house import House, house_of
from api.office import grading
from api.office.following import chosen_cycle
from api.rest import grading_shapes as shapes
from api.rest.addresses import group
from api.security.session import caller
from engine.people.persons import Person
from processes.evaluation.grading.what_if import NotTried, to_try, try_mark

router: APIRouter = group("综合评定 grading")


@router.get("/cycles/{cycle_id}/grading", summary="综合评定：等次、还缺的分项、申诉、封存")
def show_results(
    cycle_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Results:
    """One year, for who may see every unit's result."""
    with house.database.read() as connection:
        found = grading.results_of(connection, person, cycle_id)
    return shapes.Results(
        cycle_id=found.cycle["id"],
        grades=[_grade(row, found.sheets) for row in found.rows],
        missing=[
            shapes.MissingMark(
                unit_id=gap.unit_id,
                unit=gap.unit_name,
                component=gap.component.key,
                label=gap.component.label,
                why=gap.why,
            )
            for gap in found.gaps
        ],
        appeals=[_appeal(one) for one in found.appeals],
        snapshots=[shapes.SnapshotRow.model_validate(dict(one)) for one in found.snapshots],
        may_grade=found.may_grade,
        may_feed_back=found.may_feed_back,
    )


@router.get("/cycles/{cycle_id}/trial", summary="试算：改一个得分，看结果怎样变")
def show_trial(
    cycle_id: str,
    unit: str = "",
    component: str = "",
    value: str = "",
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> shapes.Trial:
    """The newest calculation with one mark changed. Writes nothing; 422 where it cannot be computed."""
    with house.database.read() as connection:
        cycle = chosen_cycle(grading.graded_cycles(connection, person), cycle_id)
        try:
            tried = to_try(connection, cycle["id"])
            found = try_mark(connection, tried, unit_id=unit, component=component, value=value)
        except NotTried as refused:
            error = {"field": refused.field or "unit", "code": "not_tried", "message": str(refused)}
            raise Trouble(422, "invalid", str(refused), errors=[error]) from None
    return shapes.Trial.model_validate(found, from_attributes=True)


@router.get("/cycles/{cycle_id}/marks/template", summary="导入分项得分的模板：列名和各单位")
def show_template(
    cycle_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> list[list[str]]:
    """The lines of the file to be filled in, the first with the columns."""
    with house.database.read() as connection:
        return grading.template_of(connection, person, cycle_id)


@router.post("/cycles/{cycle_id}/marks", summary="从 Excel 或 CSV 导入分项得分")
def take_marks(
    cycle_id: str, file: UploadFile, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.TakenMarks:
    """All of the file or nothing: 422 names every wrong cell. 409 once the year is graded."""
    done = grading.take_marks(house, person, cycle_id, file)
    return shapes.TakenMarks(units=done.units, marks=done.marks)


@router.get("/snapshots/{snapshot_id}", summary="一次封存的全部内容")
def show_snapshot(
    snapshot_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Snapshot:
    """The sealed text and its hash: whoever has both can check them without this system."""
    with house.database.read() as connection:
        found = grading.read_sealed(connection, person, snapshot_id)
    kept = {name: found[name] for name in shapes.SnapshotRow.model_fields}
    return shapes.Snapshot(**kept, content=found["content_text"])


@router.post("/snapshots/{snapshot_id}/verification", summary="验证：重新计算并核对")
def verify(
    snapshot_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Verification:
    """Compute it again from its own content with the stored decision versions. Changes nothing."""
    with house.database.read() as connection:
        faults = grading.verify(connection, person, snapshot_id)
    return shapes.Verification(verified=not faults, faults=faults)


@router.get("/units/{unit_id}/score-sheet", summary="一个单位的成绩单，从等次到依据")
def show_sheet(
    unit_id: str, cycle: str = "", person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.ScoreSheet:
    """The newest year with a grade by default."""
    with house.database.read() as connection:
        _unit, sheet = grading.read_sheet(connection, person, unit_id, cycle)
    fields = shapes.ScoreSheet.model_fields.keys() - {"unit", "parts", "rules", "appeals", "rectified"}
    return shapes.ScoreSheet(
        **{name: sheet[name] for name in fields},
        unit=sheet["unit_name"],
        parts=[_part(one) for one in sheet["parts"]],
        rules=[
            shapes.SheetRule(decision=step["id"], number=rule["number"], text=rule["text"])
            for step in sheet["steps"]
            for rule in step["rules"]
        ],
        appeals=[_appeal(one) for one in sheet["appeals"]],
        rectified=[shapes.RectifiedIssue.model_validate(one) for one in sheet["rectified"]],
    )


def _grade(row: Mapping[str, Any], sheets: Mapping[str, str]) -> shapes.GradeRow:
    same = ("unit_id", "rank", "zone", "grade", "computed_grade", "reason", "promoted", "vetoed")
    return shapes.GradeRow(
        **{name: row[name] for name in same},
        unit=row["name"],
        group=row["unit_group"],
        total=row["shown_total"],
        snapshot_id=row["snapshot_id"],
        sheet=sheets.get(row["unit_id"], ""),
    )


def _appeal(one: Mapping[str, Any]) -> shapes.Appeal:
    same = ("id", "unit_id", "component", "claimed", "text", "filed_at")
    return shapes.Appeal(
        **{name: one[name] for name in same},
        acts=[
            shapes.AppealAct(kind=act["kind"], outcome=act["outcome_key"], text=act["text"], at=act["at"])
            for act in one["acts"]
        ],
    )


def _part(part: Mapping[str, Any]) -> shapes.SheetPart:
    fields = shapes.SheetPart.model_fields.keys() - {"scores"}
    return shapes.SheetPart(
        **{name: part[name] for name in fields}, scores=[_score(row) for row in part["scores"]]
    )


def _score(row: Mapping[str, Any]) -> shapes.SheetScore:
    same = ("id", "title", "goal", "value", "of", "method", "by", "at", "basis", "asked", "rules", "evidence")
    return shapes.SheetScore(
        **{name: row[name] for name in same},
        figures=row["data"],
        earlier=[{"value": one["value"], "basis": one["basis"]} for one in row["earlier"]],
    )
