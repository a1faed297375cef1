"""What pages and programs read of monitoring: the board of a month, a unit's month, bulletins, notices."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from engine.runtime.tables import Instance
from processes.cycle.documents import DOCUMENTS
from processes.monitoring.bulletin import BULLETINS, reported_how
from processes.monitoring.correcting import CORRECTIONS
from processes.monitoring.figures import DATA, LIGHTS, evidence_of, figures_of, newest
from processes.monitoring.gathering import NOTICES, acts_of, issue_rows
from processes.monitoring.improving import KINDS, OWNER
from processes.monitoring.month_services import CARDS, LATE_CARDS, REPORTS
from processes.monitoring.month_steps import EXPLANATIONS
from processes.planning.reading import MEASURES, TARGETS
from processes.planning.steps import UNITS
from processes.planning.versions import exact_text
from processes.tables import table_of

Row = dict[str, Any]
INSTANCES = table_of(Instance)
MONTHLY = "monthly_monitor"
STATES = {
    "draft": "待考评办确认",
    "confirmed": "待签发",
    "issued": "待签收",
    "working": "整改中",
    "failed": "核查不合格",
    "closed": "已办结",
    "dropped": "未发",
}
INTERNAL = ("draft", "confirmed", "dropped")
"""Only the office sees a notice that has not been sent."""


def periods_of(connection: Connection, cycle_id: str) -> list[str]:
    """The months of a cycle that were started or in which somebody has reported, the newest first."""
    started = select(INSTANCES.c.business_key).where(
        INSTANCES.c.cycle_id == cycle_id, INSTANCES.c.process_key == MONTHLY
    )
    found = {str(period) for period in connection.execute(started).scalars()}
    for table in (DATA, LIGHTS, REPORTS):
        query = select(table.c.period).where(table.c.cycle_id == cycle_id).distinct()
        found |= set(connection.execute(query).scalars())
    return sorted((period for period in found if "-" in period), reverse=True)


def board(connection: Connection, *, cycle_id: str, period: str) -> list[Row]:
    """数据看板: one row a unit with figures: its measures with their lights, its card, how it reported."""
    lights = newest(connection, LIGHTS, LIGHTS.c.cycle_id == cycle_id, LIGHTS.c.period == period)
    cards = {
        card["unit_id"]: card
        for card in newest(connection, CARDS, CARDS.c.cycle_id == cycle_id, CARDS.c.period == period)
    }
    late = _colours(connection, cycle_id, period)
    by_unit: dict[str, list[Row]] = {}
    titles = _titles(connection, cycle_id)
    for light in lights:
        shown = {
            **light,
            "title": titles.get(light["measure"], ""),
            "actual_text": exact_text(light["actual"]) or "",
        }
        by_unit.setdefault(light["unit_id"], []).append(shown)
    return [
        {
            "id": unit["id"],
            "name": unit["name"],
            "lights": by_unit.get(unit["id"], []),
            "card": cards.get(unit["id"]),
            "how": reported_how(cards[unit["id"]]) if unit["id"] in cards else "",
            "colours": late.get(unit["id"], []),
        }
        for unit in _units(connection, cycle_id)
    ]


def _units(connection: Connection, cycle_id: str) -> list[Row]:
    query = (
        select(UNITS.c.id, UNITS.c.name, UNITS.c.code)
        .join(TARGETS, TARGETS.c.unit_id == UNITS.c.id)
        .where(TARGETS.c.cycle_id == cycle_id, TARGETS.c.state == "issued")
        .distinct()
        .order_by(UNITS.c.code)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def _titles(connection: Connection, cycle_id: str) -> dict[str, str]:
    """What each measure is called, by its id: the target's title, and its own name where that says more."""
    query = (
        select(MEASURES.c.id, MEASURES.c.name, TARGETS.c.title)
        .join(TARGETS, TARGETS.c.id == MEASURES.c.target_id)
        .where(TARGETS.c.cycle_id == cycle_id)
    )
    return {
        row.id: row.title if row.name in ("", row.title) else f"{row.title}：{row.name}"
        for row in connection.execute(query)
    }


def _colours(connection: Connection, cycle_id: str, period: str) -> dict[str, list[str]]:
    query = (
        select(LATE_CARDS.c.unit_id, LATE_CARDS.c.colour)
        .where(LATE_CARDS.c.cycle_id == cycle_id, LATE_CARDS.c.period == period)
        .order_by(LATE_CARDS.c.id)
    )
    found: dict[str, list[str]] = {}
    for row in connection.execute(query):
        found.setdefault(row.unit_id, []).append(row.colour)
    return found


def unit_month(connection: Connection, *, cycle_id: str, unit_id: str, period: str) -> list[Row]:
    """绩效卡: each figure of a unit with everything that was ever said of it in the month, oldest first.

    Each row: `key`, `target`, `name`, `unit`, `annual`, `data` (each with `evidence` and `corrections`),
    `lights` (each with `explanations`). What was replaced carries `replaced`.
    """
    data = _all(connection, DATA, cycle_id, unit_id, period)
    lights = _all(connection, LIGHTS, cycle_id, unit_id, period)
    papers = evidence_of(connection, "datum", [row["id"] for row in data])
    wishes = _grouped(connection, CORRECTIONS, "datum_id", [row["id"] for row in data])
    words = _grouped(connection, EXPLANATIONS, "light_id", [row["id"] for row in lights])
    for row in data:
        row |= {"evidence": papers.get(row["id"], []), "corrections": wishes.get(row["id"], [])}
    for row in lights:
        row["explanations"] = words.get(row["id"], [])
    return [
        {
            "key": figure.key,
            "target": figure.target.label,
            "name": figure.name,
            "unit": figure.measure.row["unit"],
            "annual": figure.measure.shown(),
            "data": [
                {**row, "value_text": figure.with_unit(row["value"])}
                for row in data
                if row["measure"] == figure.key
            ],
            "lights": [
                {**row, "planned_text": figure.with_unit(row["planned"])}
                for row in lights
                if row["measure"] == figure.key
            ],
        }
        for figure in figures_of(connection, cycle_id=cycle_id, unit_id=unit_id, period=period)
    ]


def _all(connection: Connection, table: Any, cycle_id: str, unit_id: str, period: str) -> list[Row]:
    query = (
        select(table)
        .where(table.c.cycle_id == cycle_id, table.c.unit_id == unit_id, table.c.period == period)
        .order_by(table.c.id)
    )
    rows = [dict(row) for row in connection.execute(query).mappings()]
    replaced = {row["replaces_id"] for row in rows}
    return [{**row, "replaced": row["id"] in replaced} for row in rows]


def _grouped(connection: Connection, table: Any, by: str, ids: Sequence[str]) -> dict[str, list[Row]]:
    if not ids:
        return {}
    query = select(table).where(table.c[by].in_(ids)).order_by(table.c.id)
    found: dict[str, list[Row]] = {}
    for row in connection.execute(query).mappings():
        found.setdefault(row[by], []).append(dict(row))
    return found


def bulletins_of(connection: Connection, cycle_id: str) -> list[Row]:
    """The published bulletins of a cycle, the newest month first."""
    query = (
        select(BULLETINS, DOCUMENTS.c.number.label("document_number"))
        .outerjoin(DOCUMENTS, DOCUMENTS.c.id == BULLETINS.c.document_id)
        .where(BULLETINS.c.cycle_id == cycle_id, BULLETINS.c.stage == "published")
        .order_by(BULLETINS.c.period.desc())
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def public_bulletins(connection: Connection, *, limit: int = 12) -> list[Row]:
    """The newest bulletins that profiles publish to everybody, the newest month first."""
    query = (
        select(BULLETINS, DOCUMENTS.c.number.label("document_number"))
        .outerjoin(DOCUMENTS, DOCUMENTS.c.id == BULLETINS.c.document_id)
        .where(BULLETINS.c.stage == "published", BULLETINS.c.public.is_(True))
        .order_by(BULLETINS.c.period.desc(), BULLETINS.c.id.desc())
        .limit(limit)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def bulletin(connection: Connection, bulletin_id: str) -> Row | None:
    """One published bulletin with its number."""
    query = (
        select(BULLETINS, DOCUMENTS.c.number.label("document_number"))
        .outerjoin(DOCUMENTS, DOCUMENTS.c.id == BULLETINS.c.document_id)
        .where(BULLETINS.c.id == bulletin_id, BULLETINS.c.stage == "published")
    )
    row = connection.execute(query).mappings().one_or_none()
    return dict(row) if row is not None else None


def notices_of(
    connection: Connection, *, cycle_id: str, unit_id: str | None = None, internal: bool
) -> list[Row]:
    """Notices for improvement, open ones first; `internal` adds those that were not sent (yet)."""
    query = _NOTICES.where(NOTICES.c.cycle_id == cycle_id).order_by(
        NOTICES.c.closed_at.is_not(None), NOTICES.c.id.desc()
    )
    if unit_id is not None:
        query = query.where(NOTICES.c.unit_id == unit_id)
    if not internal:
        query = query.where(NOTICES.c.state.not_in(INTERNAL))
    return [_worded(row) for row in connection.execute(query).mappings()]


def notice(connection: Connection, notice_id: str) -> Row | None:
    """One notice with its unit's name and its number."""
    row = connection.execute(_NOTICES.where(NOTICES.c.id == notice_id)).mappings().one_or_none()
    return _worded(row) if row is not None else None


_NOTICES = (
    select(NOTICES, UNITS.c.name.label("unit_name"), DOCUMENTS.c.number.label("document_number"))
    .join(UNITS, UNITS.c.id == NOTICES.c.unit_id)
    .outerjoin(DOCUMENTS, DOCUMENTS.c.id == NOTICES.c.document_id)
)


def _worded(row: Any) -> Row:
    return {**row, "state_text": STATES[row["state"]]}


def notice_story(connection: Connection, notice: Mapping[str, Any]) -> Row:
    """A notice with what it gathers and each thing done about it."""
    acts = acts_of(connection, notice["id"])
    papers = evidence_of(connection, OWNER, [str(act["id"]) for act in acts])
    return {
        **notice,
        "issues": issue_rows(connection, notice["id"]),
        "acts": [
            {**act, "name": KINDS[act["kind"]], "evidence": papers.get(str(act["id"]), [])} for act in acts
        ],
    }


def targets_in_force(connection: Connection, cycle_id: str) -> int:
    """How many targets of the cycle have been issued; without any there is nothing to monitor."""
    query = select(func.count()).where(TARGETS.c.cycle_id == cycle_id, TARGETS.c.state == "issued")
    return int(connection.execute(query).scalar_one())
