"""处理公示意见: what the public says about the results is answered; what is upheld starts a correction."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import FieldError, FormData, StepContext, Value
from processes.cycle.reading import scheme_of
from processes.evaluation.grading.entering import fault_of
from processes.evaluation.grading.marks import UNITS, components_of, counting_scores
from processes.feedback.appeals import APPEALS, component_of
from processes.feedback.records import ResultObjection, ScoreSheet
from processes.planning.entry import number_of, rows_in, text_of
from processes.tables import table_of

OBJECTIONS = table_of(ResultObjection)
SHEETS = table_of(ScoreSheet)
UPHELD = "yes"


class Objections:
    """处理公示意见: an answer to each. One that is upheld names whose mark is wrong and what it should be:
    it goes the way of an appeal, through reviewers who took no part, before anything is published.
    """

    def read(self, step: StepContext) -> FormData:
        query = (
            select(OBJECTIONS, UNITS.c.name.label("unit_name"))
            .join(UNITS, UNITS.c.id == OBJECTIONS.c.unit_id, isouter=True)
            .where(OBJECTIONS.c.notice_id == str(step.variables["noticeId"]))
            .order_by(OBJECTIONS.c.id)
        )
        components = components_of(scheme_of(step.connection, step.cycle_id))
        return {
            "unit_options": [
                {"label": sheet["name"], "value": sheet["unit_id"]} for sheet in self._sheets(step).values()
            ],
            "component_options": [
                {"label": one.label, "value": one.key} for one in components if one.kind == "mark"
            ],
            "objections": [
                {
                    "id": row["id"],
                    "locked": True,
                    "about": row["unit_name"] or "全部结果",
                    "name": row["name"] or "未留名",
                    "text": row["text"],
                    "adopted": None,
                    "unit": row["unit_id"],
                    "component": None,
                    "claimed": None,
                    "answer": row["answer"],
                }
                for row in step.connection.execute(query).mappings()
            ],
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        found, wrong = [], set()
        for index, row in enumerate(rows_in(data, "objections")):
            if row.get("adopted") != UPHELD:
                continue
            place = f"objections.{index}"
            for name, message in (("unit", "请选择哪个单位的得分不对"), ("component", "请选择哪个分项不对")):
                if not row.get(name):
                    found.append(FieldError(f"{place}.{name}", "missing", message))
            if row.get("unit") and row.get("component"):
                found += self._claim_faults(step, row, place)
                pair = (row["unit"], row["component"])
                if pair in wrong:
                    found.append(FieldError(f"{place}.component", "twice", "这个分项已在另一条意见里更正"))
                wrong.add(pair)
        return found

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        sheets, corrections = self._sheets(step), []
        for row in rows_in(data, "objections"):
            adopted = row.get("adopted") == UPHELD
            answered = step.connection.execute(
                update(OBJECTIONS)
                .where(
                    OBJECTIONS.c.id == row.get("id"),
                    OBJECTIONS.c.notice_id == str(step.variables["noticeId"]),
                    OBJECTIONS.c.answered_at.is_(None),
                )
                .values(answer=text_of(row.get("answer")), adopted=adopted, answered_at=step.at)
            )
            if adopted and answered.rowcount:
                sheet = sheets[str(row["unit"])]
                unit = {"id": sheet["unit_id"], "name": sheet["name"], "code": sheet["code"]}
                corrections.append({"unit": unit, "appealId": self._file(step, sheet, row)})
        return {"corrections": corrections}

    def _claim_faults(self, step: StepContext, row: Mapping[str, Any], place: str) -> list[FieldError]:
        claimed = number_of(row.get("claimed"))
        if claimed is None:
            return [FieldError(f"{place}.claimed", "missing", "请写明应得多少")]
        component = component_of(step.connection, step.cycle_id, str(row["component"]))
        if fault := fault_of(component, claimed):
            return [FieldError(f"{place}.claimed", "range", fault)]
        score = self._score(step, str(row["unit"]), component.key)
        if score is None:
            return [FieldError(f"{place}.component", "unscored", "这个单位没有这个分项的得分")]
        if score["value"] == claimed:
            return [FieldError(f"{place}.claimed", "same", "现在就是这个得分")]
        return []

    def _file(self, step: StepContext, sheet: Mapping[str, Any], row: Mapping[str, Any]) -> str:
        score = self._score(step, str(sheet["unit_id"]), str(row["component"]))
        assert score is not None  # checked with the form
        said = select(OBJECTIONS.c.text).where(OBJECTIONS.c.id == row["id"])
        appeal_id = new_id()
        insert_row(
            step.connection,
            APPEALS,
            id=appeal_id,
            cycle_id=step.cycle_id,
            unit_id=sheet["unit_id"],
            sheet_id=sheet["id"],
            score_id=score["id"],
            component=row["component"],
            claimed=number_of(row.get("claimed")),
            text=f"公示意见：{step.connection.execute(said).scalar_one()}",
            filed_by=step.person_id,
            filed_at=step.at,
            instance_id=step.instance_id,
            replaces_id=None,
        )
        return appeal_id

    def _score(self, step: StepContext, unit_id: str, component: str) -> Mapping[str, Any] | None:
        rows = counting_scores(step.connection, step.cycle_id, unit_id=unit_id)
        mine = [row for row in rows if row["component"] == component]
        whole = [row for row in mine if row["target_id"] is None] or mine
        return whole[-1] if whole else None

    def _sheets(self, step: StepContext) -> dict[str, Mapping[str, Any]]:
        """The score sheets of the year by unit, in the order of the units' codes."""
        query = (
            select(SHEETS, UNITS.c.name, UNITS.c.code)
            .join(UNITS, UNITS.c.id == SHEETS.c.unit_id)
            .where(SHEETS.c.cycle_id == step.cycle_id)
            .order_by(UNITS.c.code, SHEETS.c.made_at)
        )
        return {row["unit_id"]: dict(row) for row in step.connection.execute(query).mappings()}
