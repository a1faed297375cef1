"""What pages and programs read of changes: the cases of a year or a unit, and one case with its story."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from processes.adjusting.adjustment_steps import CAUSES, GROUNDS
from processes.adjusting.adjustment_steps import STATEMENTS as ADJUSTMENTS
from processes.adjusting.allowed import no_adjustment, no_challenge, unit_year_of
from processes.adjusting.cases import ADJUSTMENT, CASES, KINDS, STATES, Case, acts_of, case_of, cases_where
from processes.adjusting.challenge_steps import STATEMENTS as CHALLENGES
from processes.adjusting.challenge_steps import shown
from processes.adjusting.challenges import standing_facts
from processes.planning.differences import differences
from processes.planning.reading import MEASURES, TargetView
from processes.planning.steps import UNITS
from processes.planning.versions import exact_text

Row = dict[str, Any]
SOURCES = {"unit": "单位申报", "statistics": "统计核定"}


def changes_of(connection: Connection, *, cycle_id: str, unit_id: str | None = None) -> list[Row]:
    """The cases of a cycle (of a unit), those under way first, then the newest."""
    mine = [CASES.c.unit_id == unit_id] if unit_id is not None else []
    cases = cases_where(connection, CASES.c.cycle_id == cycle_id, *mine)
    names = _names(connection, {str(case.row["unit_id"]) for case in cases})
    newest_first = sorted(cases, key=lambda case: case.id, reverse=True)
    return [
        _told(case, names[case.row["unit_id"]])
        for case in sorted(newest_first, key=lambda case: not case.running)
    ]


def changes_by_target(
    connection: Connection, targets: Sequence[TargetView], *, cycle_id: str, unit_id: str, today: date
) -> dict[str, Row]:
    """For each target: its `cases`, its standing `challenge` in words, and why no new case may begin
    (`no_challenge`, `no_adjustment`; empty: it may)."""
    year = unit_year_of(connection, cycle_id=cycle_id, unit_id=unit_id)
    facts = standing_facts(connection, cycle_id=cycle_id, unit_id=unit_id)
    cases: dict[str, list[Case]] = {}
    for case in cases_where(connection, CASES.c.cycle_id == cycle_id, CASES.c.unit_id == unit_id):
        cases.setdefault(str(case.row["target_id"]), []).append(case)
    return {
        target.id: {
            "cases": [_told(case, "") for case in reversed(cases.get(target.id, []))],
            "challenge": _challenge_words(target, facts.get(target.id)),
            "has_challenges": year.challenge is not None,
            "no_challenge": no_challenge(year, target, cases.get(target.id, []), today=today),
            "no_adjustment": no_adjustment(year, target, cases.get(target.id, [])),
        }
        for target in targets
    }


def change_story(connection: Connection, case_id: str) -> Row | None:
    """One case with what was asked for (`statements`) and what happened (`acts`), oldest first."""
    case = case_of(connection, case_id)
    if case is None:
        return None
    name = _names(connection, {str(case.row["unit_id"])})[case.row["unit_id"]]
    said = _adjusted if case.row["kind"] == ADJUSTMENT else _challenged
    return {
        **_told(case, name),
        "statements": said(connection, case_id),
        "acts": [
            {"name": STATES[act["kind"]], "text": act["text"], "made_at": act["made_at"]}
            for act in acts_of(connection, [case_id]).get(case_id, [])
        ],
    }


def _told(case: Case, unit_name: str) -> Row:
    row = case.row
    return {
        **{name: row[name] for name in ("id", "cycle_id", "unit_id", "target_id", "kind", "number", "asker")},
        "opened_at": row["opened_at"],
        "label": row["label"],
        "unit_name": unit_name,
        "kind_text": KINDS[row["kind"]],
        "state": case.state,
        "state_text": STATES[case.state],
        "running": case.running,
        "text": case.text,
    }


def _challenge_words(target: TargetView, fact: Row | None) -> str:
    if fact is None:
        return ""
    unit = next((one.row["unit"] for one in target.measures if one.id == fact["measure_id"]), "")
    kind = "关键性挑战指标" if fact["is_key"] else "挑战指标"
    return f"{kind}：{exact_text(fact['value'])}{unit}（{fact['basis']}）"


def _adjusted(connection: Connection, case_id: str) -> list[Row]:
    query = select(ADJUSTMENTS).where(ADJUSTMENTS.c.case_id == case_id).order_by(ADJUSTMENTS.c.id)
    return [
        {
            "title": f"{CAUSES[row['cause']]}，依据：{GROUNDS[row['ground']]} {row['paper']}".strip(),
            "lines": [str(one) for one in differences(row["before"], row["after"])],
            "text": row["reason"],
            "files": row["file_ids"],
            "made_at": row["made_at"],
        }
        for row in connection.execute(query).mappings()
    ]


def _challenged(connection: Connection, case_id: str) -> list[Row]:
    query = (
        select(CHALLENGES, MEASURES.c.name, MEASURES.c.unit)
        .outerjoin(MEASURES, MEASURES.c.id == CHALLENGES.c.measure_id)
        .where(CHALLENGES.c.case_id == case_id)
        .order_by(CHALLENGES.c.id)
    )
    return [
        {
            "title": SOURCES[row["source"]],
            "lines": _figures(dict(row)),
            "text": row["grounds"],
            "files": row["file_ids"],
            "made_at": row["made_at"],
        }
        for row in connection.execute(query).mappings()
    ]


def _figures(row: Row) -> list[str]:
    said, unit = shown(row), row["unit"] or ""
    lines = [f"{row['name']}：挑战值 {said['value']}{unit}"]
    if said["benchmark_value"] is not None:
        lines.append(f"对标 {said['benchmark']} {said['benchmark_value']}{unit}")
    if said["rank"] is not None:
        before = f"，上年第 {said['rank_before']} 位" if said["rank_before"] is not None else ""
        lines.append(f"同类城市第 {said['rank']} 位{before}")
    if said["own_best"] is not None:
        year = f"（{said['own_best_year']} 年）" if said["own_best_year"] is not None else ""
        lines.append(f"历史最佳 {said['own_best']}{unit}{year}")
    return lines


def _names(connection: Connection, unit_ids: set[str]) -> dict[str, str]:
    query = select(UNITS.c.id, UNITS.c.name).where(UNITS.c.id.in_(unit_ids))
    return {row.id: row.name for row in connection.execute(query)}
