"""Records before the scoring: 认定免检 by the office, 自评报告 by the unit, and its signatures."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import FieldError, FormData, StepContext, Value
from processes.cycle.evaluation_section import evaluation_values
from processes.cycle.reading import cycle_of, scheme_of
from processes.evaluation.assessment.results import (
    EXEMPTIONS,
    REPORTS,
    Standing,
    exempt_targets,
    own_word,
    standings,
)
from processes.evaluation.evidence import add_evidence
from processes.evaluation.grading.unfolding import evidence_of
from processes.planning.entry import number_of, rows_in, text_of
from processes.planning.steps import unit_of
from processes.planning.versions import exact_text

PROVED = "target"
"""What evidence of a self-assessment belongs to."""
EMPTY_WORDS = frozenset({"略", "同上", "无", "见附件", "。"})
"""What says nothing, where a report is wanted."""


class ExemptionNote:
    """认定免检: the facts that D07 asks for, of the unit and of each target, with their basis."""

    def read(self, step: StepContext) -> FormData:
        blank = {"ledger_clear": False, "effect_visible": False}
        return {
            **_head(step),
            "system_good": False,
            "violated": False,
            "basis": "",
            "rows": [{**standing.as_row(), **blank} for standing in standings(step)],
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        claimed = data.get("system_good") or any(_claimed(row) for row in rows_in(data, "rows"))
        if claimed and not text_of(data.get("basis")):
            return [FieldError("basis", "missing", "认定免检要写明依据。")]
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        assert step.decide is not None
        good, violated = bool(data.get("system_good")), bool(data.get("violated"))
        basis = text_of(data.get("basis"))
        self._put(step, None, {"system_good": good, "violation_last_year": violated}, None, basis)
        own = {standing.target.id for standing in standings(step)}
        for row in rows_in(data, "rows"):
            if row.get("id") in own:
                facts = {name: bool(row.get(name)) for name in ("ledger_clear", "effect_visible")}
                exempt = step.decide("item_exempt", {"target": facts}) is True
                self._put(step, str(row["id"]), facts, exempt, basis if exempt else "")
        return {"systemGood": good, "violated": violated}

    def _put(
        self,
        step: StepContext,
        target_id: str | None,
        facts: dict[str, bool],
        exempt: bool | None,
        basis: str,
    ) -> None:
        insert_row(
            step.connection,
            EXEMPTIONS,
            id=new_id(),
            cycle_id=step.cycle_id,
            unit_id=unit_of(step)["id"],
            target_id=target_id,
            facts=facts,
            exempt=exempt,
            basis=basis,
            by_person=step.person_id,
            made_at=step.at,
        )


class SelfReport:
    """填写自评报告: the ledger's figures stand there already; the unit says the rest in words."""

    def read(self, step: StepContext) -> FormData:
        report, exempt = own_word(step), exempt_targets(step)
        proofs = _proofs(step)
        marks: Mapping[str, Any] = report["marks"] if report else {}
        return {
            **_head(step),
            "unit_exempt": step.variables.get("unitExempt") is True,
            "report": report["report"] if report else "",
            "problems": report["problems"] if report else "",
            "rows": [
                {
                    **standing.as_row(),
                    "exempt": standing.target.id in exempt,
                    "achievement": marks.get(standing.target.id, {}).get("achievement"),
                    "text": marks.get(standing.target.id, {}).get("text", ""),
                    "evidence": proofs.get(standing.target.id, []),
                    "papers": f"{len(proofs.get(standing.target.id, []))} 件",
                }
                for standing in standings(step)
            ],
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        least = evaluation_values(scheme_of(step.connection, step.cycle_id), "assessment")["reportMin"]
        found, report = [], text_of(data.get("report"))
        if len(report) < least:
            sentence = f"自评报告至少 {least} 字，现在 {len(report)} 字。"
            found.append(FieldError("report", "short", sentence))
        for index, (standing, row) in enumerate(_pairs(step, data)):
            if text_of(row.get("text")) in EMPTY_WORDS:
                found.append(
                    FieldError(f"rows.{index}.text", "empty", "请写明完成情况，不能只写“略”“同上”。")
                )
            if not _has_figures(standing) and number_of(row.get("achievement")) is None:
                sentence = "这项目标没有数据，请填写自评的实现程度（0 至 1）。"
                found.append(FieldError(f"rows.{index}.achievement", "missing", sentence))
        return found

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        marks = {
            standing.target.id: {
                "achievement": exact_text(number_of(row.get("achievement"))),
                "text": text_of(row.get("text")),
            }
            for standing, row in _pairs(step, data)
        }
        known = _proofs(step)
        for standing, row in _pairs(step, data):
            files = [one for one in row.get("evidence") or [] if one not in known.get(standing.target.id, ())]
            add_evidence(step, owner_kind=PROVED, owner_id=standing.target.id, files=files)
        insert_row(
            step.connection,
            REPORTS,
            id=new_id(),
            cycle_id=step.cycle_id,
            unit_id=unit_of(step)["id"],
            report=text_of(data.get("report")),
            problems=text_of(data.get("problems")),
            marks=marks,
            by_person=step.person_id,
            made_at=step.at,
        )
        return {}


class Signature(SelfReport):
    """审签: the deputy and the head read what the unit says of itself."""

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        return {}


def _proofs(step: StepContext) -> dict[str, list[str]]:
    """The files that prove the unit's targets, by target."""
    found = evidence_of(step.connection, [standing.target.id for standing in standings(step)])
    return {target_id: [proof["file_id"] for proof in rows] for target_id, rows in found.items()}


def _pairs(step: StepContext, data: FormData) -> list[tuple[Standing, Mapping[str, Any]]]:
    given = {str(row["id"]): row for row in rows_in(data, "rows")}
    return [(standing, given.get(standing.target.id, {})) for standing in standings(step)]


def _has_figures(standing: Standing) -> bool:
    rows = [standing.data.get(measure.id) for measure in standing.target.measures]
    return bool(rows) and all(row is not None and row["value"] is not None for row in rows)


def _claimed(row: Mapping[str, Any]) -> bool:
    return bool(row.get("ledger_clear") and row.get("effect_visible"))


def _head(step: StepContext) -> dict[str, Any]:
    cycle = cycle_of(step.connection, step.cycle_id)
    return {"year": Decimal(cycle["year"]), "unit_name": unit_of(step)["name"]}
