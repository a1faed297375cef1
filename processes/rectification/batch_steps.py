"""The yearly batch: hot issues and opinions of the survey are gathered, merged, classified, dispatched."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select

from engine.people.refusals import NameUnknown
from engine.people.units import resolve
from engine.work.bindings import FieldError, FormData, ServiceCall, StepContext, Value
from processes.cycle.reading import cycle_of, scheme_of
from processes.data.tables import rows_of
from processes.evaluation.ballots.casting import BOXES, WORDS
from processes.planning.entry import number_of, rows_in, text_of
from processes.rectification.acting import move, new_issue, note, sort_opinion
from processes.rectification.reading import (
    CYCLES,
    ISSUES,
    OPINIONS,
    SORTINGS,
    UNITS,
    Row,
    asked_scheme,
    calendar_day,
    facts_of,
    open_issues,
    terms_of,
    unit_options,
    unit_reference,
)

AT_ONCE = 100
"""So many opinions lie on one form; the step comes again while there are more."""
FLAGS = ("impact", "solvable", "solved", "hearing_topic")


class LeaderUnknown(Exception):
    """A table of hot issues names a unit that the assessor does not have: nothing is loaded."""

    def __init__(self, table: str, line: str, name: str) -> None:
        super().__init__(
            f"{table}.csv 第 {line} 行：没有名为“{name}”的单位。请先导入该单位，或加上别名，再继续。"
        )
        self.table, self.line, self.name = table, line, name


def gather(call: ServiceCall) -> dict[str, Value]:
    """汇集意见: what surveys brought and the profile's hot issues; the city's terms for what follows.

    Raises: LeaderUnknown.
    """
    batch = str(call.variables.get("batch") or "annual")
    bring_survey_opinions(call, batch=batch)
    table = scheme_of(call.connection, call.cycle_id).get("hotIssues")
    if table:
        load_hot_issues(call, str(table), batch=batch)
    return {
        "batch": batch,
        "terms": terms_of(call.connection, call.cycle_id),
        "scheme": asked_scheme(call.connection, call.cycle_id),
        "left": _unsorted_count(call),
    }


def bring_survey_opinions(call: ServiceCall, *, batch: str) -> int:
    """Opinions of the assessor's closed surveys, this year's and earlier ones', each once; how many came.

    They keep their random ids and nothing else: no instant, no order, nobody to ask.
    """
    cycle = cycle_of(call.connection, call.cycle_id)
    query = (
        select(WORDS.c.id, WORDS.c.text, WORDS.c.unit_id)
        .join(BOXES, BOXES.c.id == WORDS.c.box_id)
        .join(CYCLES, CYCLES.c.id == BOXES.c.cycle_id)
        .where(BOXES.c.closed_at.is_not(None), CYCLES.c.assessor_id == cycle["assessor_id"])
        .where(CYCLES.c.run_mode == cycle["run_mode"], CYCLES.c.year <= cycle["year"])
        .where(WORDS.c.id.not_in(select(OPINIONS.c.id)))
        .order_by(WORDS.c.id)
    )
    source = {"cycle_id": call.cycle_id, "source": "survey", "batch": batch, "received_at": call.at}
    rows = [{**row, **source, "code_digest": None} for row in call.connection.execute(query).mappings()]
    if rows:
        call.connection.execute(insert(OPINIONS), rows)
    return len(rows)


def load_hot_issues(call: ServiceCall, table: str, *, batch: str) -> int:
    """Put the table's issues on their lead units, by their aliases; how many were new.

    Raises: LeaderUnknown.
    """
    known = set(
        call.connection.execute(select(ISSUES.c.code).where(ISSUES.c.cycle_id == call.cycle_id)).scalars()
    )
    assessor_id = cycle_of(call.connection, call.cycle_id)["assessor_id"]
    many = asked_scheme(call.connection, call.cycle_id)["opinions"]["highVolume"]
    added = 0
    for row in rows_of(table):
        if row["issue_code"] in known:
            continue
        try:
            unit = resolve(call.connection, row["lead_unit"], assessor_id=assessor_id)
        except NameUnknown:
            raise LeaderUnknown(table, row["_line"], row["lead_unit"]) from None
        new_issue(
            call,
            code=row["issue_code"],
            batch=batch,
            title=written(row["manifestation"]),
            domain=row["domain"],
            text=written(f"问题：{row['domain_problems']}\n整改方向：{row['rectify_directions']}"),
            unit_id=unit.id,
            volume=int(many),
            impact=True,
        )
        added += 1
    return added


def written(text: str) -> str:
    """A printed cell with the punctuation of Chinese; the copy at hand has half-width marks."""
    return text.translate(str.maketrans(",;", "，；"))


class MergeOpinions:
    """梳理归并: each opinion joins an issue, begins a new one, or is set aside with a reason."""

    def read(self, step: StepContext) -> FormData:
        return {
            "total": _unsorted_count(step),
            "issue_options": open_issues(step.connection, step.cycle_id),
            "unit_options": unit_options(step.connection, step.cycle_id),
            "opinions": [
                {
                    "id": row["id"],
                    "locked": True,
                    "text": row["text"],
                    "do": "new",
                    "issue": None,
                    "title": row["text"][:40],
                    "unit": row["unit_id"],
                    "reason": "",
                }
                for row in _unsorted(step)
            ],
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        found = []
        for index, row in enumerate(rows_in(data, "opinions")):
            needed = {"merge": ("issue",), "new": ("title", "unit"), "decline": ("reason",)}
            for name in needed.get(str(row.get("do")), ()):
                if not text_of(row.get(name)):
                    words = {"issue": "请选择并入哪个事项", "title": "请写事项名称", "unit": "请选择责任单位",
                             "reason": "请写明不受理的理由"}  # fmt: skip
                    found.append(FieldError(f"opinions.{index}.{name}", "missing", words[name]))
        return found

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        waiting = {row["id"] for row in _unsorted(step)}
        begun: dict[tuple[str, str], str] = {}
        for row in rows_in(data, "opinions"):
            if row.get("id") in waiting:
                self._sort(step, row, begun)
        return {"left": _unsorted_count(step)}

    def _sort(self, step: StepContext, row: Mapping[str, Any], begun: dict[tuple[str, str], str]) -> None:
        opinion_id = str(row["id"])
        if row.get("do") == "decline":
            sort_opinion(step, opinion_id, "decline", reason=text_of(row.get("reason")))
        elif row.get("do") == "merge":
            issue_id = str(row["issue"])
            sort_opinion(step, opinion_id, "merge", issue_id=issue_id)
            move(step, issue_id, volume=ISSUES.c.volume + 1)
        else:
            self._begin(step, opinion_id, row, begun)

    def _begin(
        self, step: StepContext, opinion_id: str, row: Mapping[str, Any], begun: dict[tuple[str, str], str]
    ) -> None:
        named = text_of(row.get("title")), str(row["unit"])
        if named in begun:
            move(step, begun[named], volume=ISSUES.c.volume + 1)
        else:
            begun[named] = new_issue(
                step, batch=str(step.variables["batch"]), title=named[0], unit_id=named[1]
            )
        sort_opinion(step, opinion_id, "dispatch", issue_id=begun[named])


class ClassifyIssues:
    """归类定单位: what D16 asks of each issue, and the unit that answers for it."""

    def read(self, step: StepContext) -> FormData:
        return {
            "unit_options": unit_options(step.connection, step.cycle_id),
            "issues": [
                {
                    "id": row["id"],
                    "locked": True,
                    "name": f"{row['code']} {row['title']}",
                    "unit": row["unit_id"],
                    "volume": row["volume"],
                    "years_repeated": row["years_repeated"],
                    **{name: row[name] for name in FLAGS},
                }
                for row in _drafts(step)
            ],
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        known = {option["value"] for option in unit_options(step.connection, step.cycle_id)}
        return [
            FieldError(f"issues.{index}.unit", "unknown", "请选择责任单位")
            for index, row in enumerate(rows_in(data, "issues"))
            if row.get("unit") not in known
        ]

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        drafts = {row["id"] for row in _drafts(step)}
        for row in rows_in(data, "issues"):
            if row.get("id") in drafts:
                move(step, str(row["id"]), unit_id=row["unit"], **classified(row))
        return {}


def classified(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a form says for D16, as columns of an issue."""
    return {
        "volume": int(number_of(row.get("volume")) or 1),
        "years_repeated": int(number_of(row.get("years_repeated")) or 1),
        **{name: bool(row.get(name)) for name in FLAGS},
    }


def dispatch(call: ServiceCall) -> dict[str, Value]:
    """分派整改事项: each draft issue of the batch goes to its unit, once."""
    issues = []
    for row in _drafts(call):
        move(call, row["id"], state="dispatched")
        note(call, row["id"], "dispatched", unit_id=row["unit_id"])
        unit = unit_reference(call.connection, row["unit_id"])
        issue = {"issueId": row["id"], "title": row["title"], "unit": unit, "facts": facts_of(row)}
        issues.append(issue)
    due = date.fromisoformat(calendar_day(call.connection, call.cycle_id, "rectification_result"))
    return {"issues": issues, "resultsDue": due}


def _drafts(step: StepContext) -> list[Row]:
    query = (
        select(ISSUES)
        .join(UNITS, UNITS.c.id == ISSUES.c.unit_id, isouter=True)
        .where(ISSUES.c.cycle_id == step.cycle_id, ISSUES.c.state == "draft")
        .where(ISSUES.c.batch == str(step.variables.get("batch") or ""))
        .order_by(ISSUES.c.code)
    )
    return [dict(row) for row in step.connection.execute(query).mappings()]


def _waiting(step: StepContext) -> Any:
    """Opinions that came in a batch and were not sorted yet."""
    sorted_ones = select(SORTINGS.c.opinion_id)
    return (
        OPINIONS.c.cycle_id == step.cycle_id,
        OPINIONS.c.batch != "",
        OPINIONS.c.id.not_in(sorted_ones),
    )


def _unsorted(step: StepContext) -> list[Row]:
    query = select(OPINIONS).where(*_waiting(step)).order_by(OPINIONS.c.id).limit(AT_ONCE)
    return [dict(row) for row in step.connection.execute(query).mappings()]


def _unsorted_count(step: StepContext) -> int:
    return int(step.connection.execute(select(func.count()).where(*_waiting(step))).scalar_one())
