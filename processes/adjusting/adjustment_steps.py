"""Records of P05 up to the decision: 填写调整申请, 签发, 初审, 牵头意见."""

from typing import Any

from sqlalchemy import select

from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import FieldError, FormData, StepContext, Value
from processes.adjusting.cases import add_act, case_at
from processes.adjusting.content import (
    Content,
    changes_in_words,
    content_of,
    figure_rows,
    has_substance,
    wanted,
)
from processes.adjusting.records import AdjustmentStatement
from processes.cycle.reading import scheme_of
from processes.planning.differences import differences
from processes.planning.entry import rows_in, text_of
from processes.planning.leading import lead_of_target
from processes.planning.reading import TargetView, milestone_months, target_of
from processes.planning.steps import UNITS, unit_of
from processes.tables import table_of

STATEMENTS = table_of(AdjustmentStatement)
ROUTE = "adjustment_route"
CAUSES = {"above": "上级下达", "objective": "客观变化", "organisation": "机构变动"}
GROUNDS = {"plenum": "市委全会的决定", "congress": "市人代会的决定", "superior": "上级文件", "other": "其他"}
NEEDS_PAPER = ("plenum", "congress", "superior")


class AdjustmentEntry:
    """填写调整申请: what the target shall say, why, on what ground; the rules say whether it may be asked."""

    def read(self, step: StepContext) -> FormData:
        target, last = target_at(step), newest_statement(step)
        content = last["after"] if last else content_of(target)
        return {
            "unit_name": unit_of(step)["name"],
            "target": target.label,
            "goal": target.shown(),
            "milestone_months": milestone_months(step.connection, step.cycle_id),
            "text": content["text"],
            "figures": figure_rows(content),
            **{name: last[name] if last else None for name in ("cause", "ground")},
            **{name: last[name] if last else "" for name in ("paper", "reason")},
            "files": last["file_ids"] if last else [],
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        before, after = self._contents(step, data)
        found = [
            FieldError(f"figures.{place}.value", "empty", "调整后的年度目标不能清空，请填写数值")
            for place, row in enumerate(rows_in(data, "figures"))
            if row.get("value") in (None, "")
        ]
        if not differences(before, after):
            found.append(
                FieldError("reason", "unchanged", "没有改动目标的任何内容，请修改要调整的数值或文字")
            )
        if data.get("ground") in NEEDS_PAPER and not text_of(data.get("paper")):
            found.append(FieldError("paper", "missing", "请写明依据的文件（文号或文件名）"))
        answer = self._route(step, data)
        if not answer["allowed"]:
            found.append(FieldError("ground", "not_allowed", str(answer["reason"])))
        return found

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        target = target_at(step)
        before, after = self._contents(step, data)
        files = data.get("files")
        insert_row(
            step.connection,
            STATEMENTS,
            id=new_id(),
            case_id=str(step.variables["caseId"]),
            cause=data["cause"],
            ground=data["ground"],
            paper=text_of(data.get("paper")),
            reason=text_of(data.get("reason")),
            before=before,
            after=after,
            file_ids=[str(one) for one in files] if isinstance(files, list) else [],
            by_person=step.person_id,
            made_at=step.at,
            instance_id=step.instance_id,
        )
        add_act(step, case_at(step).id, "stated", text=changes_in_words(before, after))
        return {
            "change": self._change(step, data),
            "lead": lead_of_target(step.connection, target.row),
            "division": _division(step, target),
            "askedOn": step.today,
        }

    def _contents(self, step: StepContext, data: FormData) -> tuple[Content, Content]:
        target = target_at(step)
        months = milestone_months(step.connection, step.cycle_id)
        return content_of(target), wanted(target, data, months=months)

    def _change(self, step: StepContext, data: FormData) -> dict[str, Value]:
        before, after = self._contents(step, data)
        return {
            "kind": target_at(step).row["kind"],
            "cause": data.get("cause"),
            "ground": data.get("ground"),
            "substance": has_substance(before, after),
        }

    def _route(self, step: StepContext, data: FormData) -> dict[str, Any]:
        assert step.decide is not None
        answer: dict[str, Any] = step.decide(ROUTE, {"change": self._change(step, data)})
        return answer


class AdjustmentCard:
    """What is asked for, old beside new, for who signs it."""

    def read(self, step: StepContext) -> FormData:
        last = newest_statement(step)
        assert last is not None
        route = step.variables.get("route")
        return {
            "unit_name": unit_of(step)["name"],
            "target": target_at(step).label,
            "asked_by": _asker(step),
            "cause": CAUSES[last["cause"]],
            "ground": GROUNDS[last["ground"]],
            "paper": last["paper"],
            "reason": last["reason"],
            "files": last["file_ids"],
            "changes": [
                {"id": str(place), "what": one.what, "before": one.before, "after": one.after}
                for place, one in enumerate(differences(last["before"], last["after"]))
            ],
            "route": str(route["reason"]) if isinstance(route, dict) else "",
            "lead_opinion": _lead_opinion(step),
            "remark": "",
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        add_act(step, case_at(step).id, "signed")
        return {}


class AdjustmentReview(AdjustmentCard):
    """初审调整申请: the office passes it on, or refuses it with the reason."""

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        if outcome == "refuse" and not text_of(data.get("remark")):
            return [FieldError("remark", "missing", "不同意时请写明理由，单位会收到")]
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        remark = text_of(data.get("remark"))
        if outcome == "approve":
            add_act(step, case_at(step).id, "reviewed", text=remark)
        return {"refusedBecause": remark}


class LeadOpinion(AdjustmentCard):
    """提出牵头意见: the bureau that leads the special target agrees or not, and says why."""

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        if not text_of(data.get("remark")):
            return [FieldError("remark", "missing", "请写明牵头部门的意见和理由")]
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        lead: Any = step.variables["lead"]
        said = f"{lead['name']}{'同意' if outcome == 'agree' else '不同意'}：{text_of(data.get('remark'))}"
        add_act(step, case_at(step).id, "advised", text=said)
        return {"leadOpinion": said}


def newest_statement(step: StepContext) -> dict[str, Any] | None:
    """What the step's case asks for, as it was stated last."""
    query = select(STATEMENTS).where(STATEMENTS.c.case_id == str(step.variables["caseId"]))
    row = step.connection.execute(query.order_by(STATEMENTS.c.id.desc()).limit(1)).mappings().first()
    return dict(row) if row is not None else None


def target_at(step: StepContext) -> TargetView:
    """The target of a step: the variable `targetId`."""
    found = target_of(step.connection, str(step.variables["targetId"]))
    assert found is not None
    return found


def _asker(step: StepContext) -> str:
    """Who asks, in words: the unit, or what the city calls its office."""
    if case_at(step).row["asker"] == "office":
        return str(scheme_of(step.connection, step.cycle_id)["bodies"]["office"])
    return str(unit_of(step)["name"])


def _lead_opinion(step: StepContext) -> str:
    return str(step.variables.get("leadOpinion") or "")


def _division(step: StepContext, target: TargetView) -> dict[str, Value] | None:
    """The division that answers for the target, as diagrams pass units."""
    query = select(UNITS.c.id, UNITS.c.name, UNITS.c.code).where(UNITS.c.id == target.row["division_id"])
    row = step.connection.execute(query).mappings().one_or_none()
    return dict(row) if row is not None else None
