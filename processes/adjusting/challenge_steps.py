"""Records of P04: 填报挑战申报, 签发, 核对基准数据, 评议."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import FieldError, FormData, StepContext, Value
from processes.adjusting.cases import add_act, case_at
from processes.adjusting.challenges import put_fact
from processes.adjusting.records import ChallengeStatement
from processes.planning.entry import number_of, text_of
from processes.planning.reading import MeasureView, TargetView, target_of
from processes.planning.steps import unit_of
from processes.planning.versions import exact_text
from processes.tables import table_of

STATEMENTS = table_of(ChallengeStatement)
ABOVE = "challenge_above"
"""The decision that says whether a value is better than the target."""

EXACT = ("value", "benchmark_value", "own_best")
WHOLE = ("rank", "rank_before", "own_best_year")


class ChallengeEntry:
    """填报挑战申报, 补正或放弃: which figure, how far, compared with whom; or given up."""

    def read(self, step: StepContext) -> FormData:
        last = newest_statement(step, source="unit") or {}
        measures = _figures(_target(step))
        found = step.variables.get("qualification")
        return {
            **_head(step),
            "measure_options": [
                {"label": f"{one.row['name']}（{one.shown()}）", "value": one.id} for one in measures
            ],
            "measure": last.get("measure_id") or (measures[0].id if len(measures) == 1 else None),
            **shown(last),
            "files": last.get("file_ids", []),
            "problem": str(found["reason"]) if isinstance(found, Mapping) else "",
            "finding": _finding(step),
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        if outcome == "give_up":
            return []
        found = [
            FieldError(name, "missing", told)
            for name, told in (("measure", "请选择要挑战的指标"), ("grounds", "请写明数据来源和挑战的把握"))
            if not text_of(data.get(name))
        ]
        value, measure = number_of(data.get("value")), _measure(step, data)
        if value is None:
            return [*found, FieldError("value", "missing", "请填写挑战值")]
        if measure is not None and not _better(step, value, measure):
            told = f"挑战值 {exact_text(value)} 没有优于年度目标 {measure.shown()}，请填写更高的要求"
            found.append(FieldError("value", "not_above", told))
        if number_of(data.get("own_best")) is None:
            found.append(FieldError("own_best", "missing", "请填写历史最佳值，用来比较增长"))
        return found

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        case = case_at(step)
        if outcome == "give_up":
            add_act(step, case.id, "given_up", text=text_of(data.get("remark")), facts=_qualification(step))
            return {}
        put_statement(step, data, source="unit", measure_id=str(data["measure"]))
        add_act(step, case.id, "stated", facts=_qualification(step))
        return {"supplements": int(step.variables.get("supplements") or 0) + 1}


class ChallengeCard:
    """What was declared and found, for who signs it."""

    def read(self, step: StepContext) -> FormData:
        last = newest_statement(step) or {}
        measure = next((one for one in _figures(_target(step)) if one.id == last.get("measure_id")), None)
        found = step.variables.get("qualification")
        return {
            **_head(step),
            "measure_name": measure.row["name"] if measure else "",
            "measure_unit": measure.row["unit"] if measure else "",
            "goal": measure.shown() if measure else "",
            **shown(last),
            "files": last.get("file_ids", []),
            "finding": _finding(step),
            "qualified_because": str(found["reason"]) if isinstance(found, Mapping) else "",
            "remark": "",
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        add_act(step, case_at(step).id, "signed")
        return {}


class ChallengeCheck(ChallengeCard):
    """核对基准数据: the statistics office writes what the figures really are; D02 judges by these."""

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        if not text_of(data.get("finding")):
            return [FieldError("finding", "missing", "请写明核对的依据和结果")]
        if number_of(data.get("own_best")) is None:
            return [FieldError("own_best", "missing", "请填写核定的历史最佳值")]
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        declared = newest_statement(step, source="unit")
        assert declared is not None
        sent = {**data, "value": declared["value"], "grounds": text_of(data.get("finding")), "files": []}
        put_statement(step, sent, source="statistics", measure_id=declared["measure_id"])
        add_act(step, case_at(step).id, "verified", text=text_of(data.get("finding")))
        found = newest_statement(step)
        assert found is not None
        measure = next(one for one in _target(step).measures if one.id == declared["measure_id"])
        return {
            "declared": {
                **{
                    name: found[name]
                    for name in ("value", "benchmark_value", "rank", "rank_before", "own_best")
                },
                "direction": measure.row["direction"],
            }
        }


class ChallengeReview(ChallengeCard):
    """评议挑战指标: the office takes it as a challenge or not, with the reason."""

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        if outcome == "refuse" and not text_of(data.get("remark")):
            return [FieldError("remark", "missing", "不同意时请写明理由，单位会收到")]
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        case, remark = case_at(step), text_of(data.get("remark"))
        if outcome != "approve":
            add_act(step, case.id, "refused", text=remark, facts=_qualification(step))
            return {"refusedBecause": remark}
        last = newest_statement(step)
        assert last is not None
        put_fact(step, case.row, measure_id=last["measure_id"], value=last["value"], basis="考评办评议")
        add_act(step, case.id, "accepted", text=remark, facts=_qualification(step))
        return {}


def newest_statement(step: StepContext, *, source: str = "") -> dict[str, Any] | None:
    """What was declared last in the step's case, or found, when no source is named."""
    query = select(STATEMENTS).where(STATEMENTS.c.case_id == str(step.variables["caseId"]))
    if source:
        query = query.where(STATEMENTS.c.source == source)
    row = step.connection.execute(query.order_by(STATEMENTS.c.id.desc()).limit(1)).mappings().first()
    return dict(row) if row is not None else None


def put_statement(step: StepContext, data: FormData, *, source: str, measure_id: str) -> None:
    """Add what a form says of a challenge."""
    files = data.get("files")
    insert_row(
        step.connection,
        STATEMENTS,
        id=new_id(),
        case_id=str(step.variables["caseId"]),
        source=source,
        measure_id=measure_id,
        **{name: number_of(data.get(name)) for name in EXACT},
        **{name: _whole(data.get(name)) for name in WHOLE},
        benchmark=text_of(data.get("benchmark")),
        grounds=text_of(data.get("grounds")),
        file_ids=[str(one) for one in files] if isinstance(files, list) else [],
        by_person=step.person_id,
        made_at=step.at,
        instance_id=step.instance_id,
    )


def shown(statement: Mapping[str, Any]) -> FormData:
    """A statement's figures as forms and pages show them."""
    return {
        **{name: exact_text(statement.get(name)) for name in EXACT},
        **{name: statement.get(name) for name in WHOLE},
        "benchmark": statement.get("benchmark", ""),
        "grounds": statement.get("grounds", ""),
    }


def _head(step: StepContext) -> FormData:
    return {"unit_name": unit_of(step)["name"], "target": _target(step).label, "goal": _target(step).shown()}


def _target(step: StepContext) -> TargetView:
    found = target_of(step.connection, str(step.variables["targetId"]))
    assert found is not None
    return found


def _figures(target: TargetView) -> list[MeasureView]:
    return [measure for measure in target.measures if measure.value is not None]


def _measure(step: StepContext, data: FormData) -> MeasureView | None:
    chosen = data.get("measure")
    return next((one for one in _figures(_target(step)) if one.id == chosen), None)


def _better(step: StepContext, value: Value, measure: MeasureView) -> bool:
    assert step.decide is not None
    challenge = {"value": value, "target": measure.value, "direction": measure.row["direction"]}
    return step.decide(ABOVE, {"challenge": challenge}) is True


def _qualification(step: StepContext) -> dict[str, Any]:
    found = step.variables.get("qualification")
    return dict(found) if isinstance(found, Mapping) else {}


def _finding(step: StepContext) -> str:
    found = newest_statement(step, source="statistics")
    return str(found["grounds"]) if found else ""


def _whole(given: object) -> int | None:
    number = number_of(given)
    return int(number) if number is not None else None
