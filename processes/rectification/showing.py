"""What pages show: the public promises, a unit's and the office's issues, the list of the office."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from processes.accountability.flags import FLAGS
from processes.rectification.following import COMPLAINTS, REPLIES, RESULTS, STATES
from processes.rectification.reading import (
    ACTS,
    COMMENTS,
    CYCLES,
    ISSUES,
    PLANS,
    PROGRESS,
    SATISFACTION,
    UNITS,
    Row,
    asked_scheme,
    newest_sortings,
)

ROUTES = {
    "": "未分流",
    "general": "一般意见",
    "key": "重点整改",
    "tracked": "跟踪督办",
    "hearing": "公述民评",
}
ACT_WORDS = {
    "dispatched": "分派", "accepted": "签收", "sent_back": "退单", "ruled": "裁定", "answered": "答复",
    "redo": "责成再办", "settled": "核定", "closed": "办结", "listed": "列入清单", "flagged": "挂账",
    "plan_back": "计划退回", "check_back": "核验退回",
}  # fmt: skip
LEVELS = ("满意", "较满意", "基本满意", "不太满意", "不满意")


@dataclass(frozen=True)
class Round:
    """One round of a key issue as the public reads it."""

    number: int
    plan: Row | None
    progress: Sequence[Row]
    result: Row | None
    satisfaction: Row | None

    @property
    def formula(self) -> str:
        """How the rate came about: `（120 + 80 + 40）÷ 270 = 88.89%`; "" before it is known."""
        found = self.satisfaction
        if found is None or found["rate"] is None:
            return ""
        counts = found["counts"]
        good = " + ".join(str(one) for one in counts[: found["satisfied_levels"]])
        return f"（{good}）÷ {sum(counts)} = {found['rate']}%"

    @property
    def votes(self) -> str:
        """`满意 120、较满意 80 …；弃权 10`."""
        found = self.satisfaction
        if found is None:
            return ""
        told = "、".join(f"{word} {count}" for word, count in zip(LEVELS, found["counts"], strict=True))
        return f"{told}；弃权、不了解 {found['abstained']}（不计入有效票）"


@dataclass(frozen=True)
class Story:
    """An issue with everything that may be shown: rounds, acts, what was said, comments."""

    issue: Row
    rounds: Sequence[Round]
    said: Sequence[str]
    comments: Sequence[Row]
    acts: Sequence[Row] = ()

    @property
    def state(self) -> str:
        return state_words(self.issue)


def state_words(issue: Row) -> str:
    """`已办结：专项满意度达标`."""
    words = STATES[issue["state"]]
    return f"{words}：{RESULTS[issue['result']]}" if issue["result"] else words


def promises(connection: Connection) -> list[dict[str, Any]]:
    """Public issues of all formal cycles, the newest year first, each with its newest rate."""
    newest = select(func.max(SATISFACTION.c.id)).group_by(SATISFACTION.c.issue_id)
    query = (
        select(
            ISSUES,
            UNITS.c.name.label("unit_name"),
            CYCLES.c.year,
            SATISFACTION.c.rate,
            SATISFACTION.c.reached,
        )
        .join(UNITS, UNITS.c.id == ISSUES.c.unit_id)
        .join(CYCLES, CYCLES.c.id == ISSUES.c.cycle_id)
        .join(
            SATISFACTION,
            (SATISFACTION.c.issue_id == ISSUES.c.id)
            & SATISFACTION.c.id.in_(newest)
            & SATISFACTION.c.judged_at.is_not(None),
            isouter=True,
        )
        .where(ISSUES.c.public.is_(True), CYCLES.c.run_mode == "formal")
        .order_by(CYCLES.c.year.desc(), ISSUES.c.code)
    )
    return [{**row, "state_text": state_words(row)} for row in _rows(connection, query)]


def promise(connection: Connection, issue_id: str) -> Story | None:
    """A public issue as everybody may read it; None when it is not public."""
    story = story_of(connection, issue_id, public=True)
    return story if story is not None and story.issue["public"] else None


def story_of(connection: Connection, issue_id: str, *, public: bool = False) -> Story | None:
    """An issue with all its rounds; with `public` only what was released. None when there is none."""
    query = (
        select(
            ISSUES, UNITS.c.name.label("unit_name"), CYCLES.c.year, CYCLES.c.run_mode, CYCLES.c.assessor_id
        )
        .join(CYCLES, CYCLES.c.id == ISSUES.c.cycle_id)
        .join(UNITS, UNITS.c.id == ISSUES.c.unit_id, isouter=True)
        .where(ISSUES.c.id == issue_id)
    )
    issue = connection.execute(query).mappings().one_or_none()
    if issue is None or (public and issue["run_mode"] != "formal"):
        return None
    levels = int(asked_scheme(connection, issue["cycle_id"])["survey"]["satisfiedLevels"])
    sorted_ones = newest_sortings(connection, issue_id=issue_id)
    said = [row["public_text"] if public else row["text"] for row in sorted_ones]
    return Story(
        issue=dict(issue),
        rounds=_rounds(connection, issue_id, levels=levels, public=public),
        said=[text for text in said if text],
        comments=_comments(connection, issue_id, public=public),
        acts=_acts(connection, issue_id, only_answers=public),
    )


def issues_of(connection: Connection, where: ColumnElement[bool]) -> list[dict[str, Any]]:
    """Issues for a list, by code, with words for state and route."""
    query = (
        select(ISSUES, UNITS.c.name.label("unit_name"))
        .join(UNITS, UNITS.c.id == ISSUES.c.unit_id, isouter=True)
        .where(where, ISSUES.c.state != "draft")
        .order_by(ISSUES.c.code)
    )
    return [
        {**row, "state_text": state_words(row), "route_text": ROUTES[row["route"]]}
        for row in _rows(connection, query)
    ]


def key_results(connection: Connection, cycle_id: str, unit_id: str) -> list[dict[str, Any]]:
    """A unit's key issues of a year as its score sheet shows them: {id, title, state_text, rates, reached}.

    `rates` are the satisfaction of each round in percent, the last one counts.
    """
    mine = (ISSUES.c.cycle_id == cycle_id) & (ISSUES.c.unit_id == unit_id) & (ISSUES.c.route == "key")
    issues = issues_of(connection, mine)
    query = (
        select(SATISFACTION)
        .where(
            SATISFACTION.c.issue_id.in_([one["id"] for one in issues]), SATISFACTION.c.judged_at.is_not(None)
        )
        .order_by(SATISFACTION.c.round, SATISFACTION.c.id)
    )
    votes = _rows(connection, query)
    found = []
    for one in issues:
        judged = [vote for vote in votes if vote["issue_id"] == one["id"]]
        kept = {name: one[name] for name in ("id", "title", "state_text")}
        rates = [format(vote["rate"], "f") for vote in judged]
        found.append({**kept, "rates": rates, "reached": bool(judged) and bool(judged[-1]["reached"])})
    return found


def figures_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many of these issues are open, closed, not rated, flagged; 未评价 counts apart from 已解决."""
    return {
        "all": len(rows),
        "open": sum(row["closed_at"] is None for row in rows),
        "solved": sum(row["result"] in ("solved", "satisfied", "settled") for row in rows),
        "unrated": sum(row["result"] == "unrated" for row in rows),
        "flagged": sum(row["state"] == "flagged" for row in rows),
    }


def released_replies(connection: Connection, cycle_id: str) -> list[dict[str, Any]]:
    """What supervision told the office of complaints: {released, made_at}, newest first."""
    query = (
        select(REPLIES.c.released, REPLIES.c.made_at)
        .join(COMPLAINTS, COMPLAINTS.c.id == REPLIES.c.complaint_id)
        .where(COMPLAINTS.c.cycle_id == cycle_id, REPLIES.c.released != "")
        .order_by(REPLIES.c.id.desc())
    )
    return _rows(connection, query)


def flags_of(connection: Connection, cycle_id: str) -> list[dict[str, Any]]:
    """What waits for accountability in a cycle: {unit_name, reason, subject_id, raised_at}, newest first."""
    query = (
        select(FLAGS.c.reason, FLAGS.c.subject_id, FLAGS.c.raised_at, UNITS.c.name.label("unit_name"))
        .join(UNITS, UNITS.c.id == FLAGS.c.unit_id)
        .where(FLAGS.c.cycle_id == cycle_id, FLAGS.c.kind == "rectification")
        .order_by(FLAGS.c.id.desc())
    )
    return _rows(connection, query)


def _rounds(connection: Connection, issue_id: str, *, levels: int, public: bool) -> list[Round]:
    plans = _rows(connection, select(PLANS).where(PLANS.c.issue_id == issue_id).order_by(PLANS.c.id))
    reports = _rows(
        connection, select(PROGRESS).where(PROGRESS.c.issue_id == issue_id).order_by(PROGRESS.c.id)
    )
    query = select(SATISFACTION).where(SATISFACTION.c.issue_id == issue_id).order_by(SATISFACTION.c.id)
    votes = [{**row, "satisfied_levels": levels} for row in _rows(connection, query)]
    if public:
        plans = [row for row in plans if row["published_at"] is not None]
        reports = [row for row in reports if row["published_at"] is not None]
        votes = [row for row in votes if row["judged_at"] is not None]
    numbers = sorted({row["round"] for row in (*plans, *reports, *votes)})
    return [
        Round(
            number=number,
            plan=_last(plans, number),
            progress=[row for row in reports if row["round"] == number and row["kind"] == "progress"],
            result=_last([row for row in reports if row["kind"] == "done"], number),
            satisfaction=_last(votes, number),
        )
        for number in numbers
    ]


def _last(rows: Sequence[Row], number: int) -> Row | None:
    return next((row for row in reversed(rows) if row["round"] == number), None)


def _comments(connection: Connection, issue_id: str, *, public: bool) -> list[dict[str, Any]]:
    query = select(COMMENTS).where(COMMENTS.c.issue_id == issue_id).order_by(COMMENTS.c.id)
    return _rows(connection, query.where(COMMENTS.c.released.is_(True)) if public else query)


def _acts(connection: Connection, issue_id: str, *, only_answers: bool) -> list[dict[str, Any]]:
    query = (
        select(ACTS, UNITS.c.name.label("unit_name"))
        .join(UNITS, UNITS.c.id == ACTS.c.unit_id, isouter=True)
        .where(ACTS.c.issue_id == issue_id)
        .order_by(ACTS.c.id)
    )
    if only_answers:
        query = query.where(ACTS.c.kind == "answered")
    return [{**row, "words": ACT_WORDS[row["kind"]]} for row in _rows(connection, query)]


def _rows(connection: Connection, query: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(query).mappings()]
