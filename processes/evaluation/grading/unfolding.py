"""What a component rests on, unfolded: scores, their targets, rules, figures, evidence, earlier marks."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, select

from engine.people.tables import UserAccount
from engine.store.prepared import Prepared
from engine.work.tables import File
from processes.evaluation.data_records import Datum, Evidence
from processes.evaluation.grading.content import Content
from processes.evaluation.grading.marks import SCORES
from processes.planning.reading import TargetView, targets_among
from processes.tables import table_of

USERS = table_of(UserAccount)
DATA = table_of(Datum)
EVIDENCE = table_of(Evidence)
FILES = table_of(File)
EVIDENCE_OF = Prepared(
    select(EVIDENCE, FILES.c.name)
    .join(FILES, FILES.c.id == EVIDENCE.c.file_id, isouter=True)
    .where(EVIDENCE.c.owner_id.in_(bindparam("owners", expanding=True)))
    .order_by(EVIDENCE.c.added_at)
)
DATA_OF = Prepared(
    select(DATA)
    .where(DATA.c.target_id.in_(bindparam("targets", expanding=True)))
    .order_by(DATA.c.period, DATA.c.id)
)

METHODS = {
    "auto": "系统计分",
    "group": "考核组评分",
    "body": "机构评分",
    "leader": "领导考评",
    "survey": "满意度调查",
    "appeal": "申诉更正",
}
ASKED = {"weight": "权重", "achievement": "实现程度", "measure": "绩效测度", "rate": "满意率（%）"}
"""Inputs of a score that people know by name, in the order in which they are shown."""
FEWEST = 5
"""Fewer ballots than this are not told: groups so small would give somebody away."""
_DIGITS = Decimal("0.0001")

Row = Mapping[str, Any]
Proofs = Mapping[str, list[dict[str, Any]]]


def plain(number: Decimal | None) -> str:
    """A number as people write it, without an exponent or useless zeros."""
    if number is None:
        return ""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def scores_sealed(connection: Connection, content: Content, unit_id: str) -> list[dict[str, Any]]:
    """The unit's scores that a snapshot rests on, whole ones first, each with all that is behind it."""
    ids = [row["id"] for row in content["scores"].get(unit_id, [])]
    by_id = {
        row["id"]: dict(row)
        for row in connection.execute(select(SCORES).where(SCORES.c.unit_id == unit_id)).mappings()
    }
    rows = [by_id[one] for one in ids if one in by_id]
    behind = _Behind(connection, by_id, rows)
    return sorted((behind.score(row) for row in rows), key=lambda one: (bool(one["title"]), one["place"]))


class _Behind:
    """Everything behind some scores, read once for all of them."""

    def __init__(self, connection: Connection, by_id: Mapping[str, Row], rows: Sequence[Row]) -> None:
        self._by_id = by_id
        targets = {row["target_id"] for row in rows if row["target_id"]}
        found = targets_among(connection, targets)
        self._targets = {target.id: (place, target) for place, target in enumerate(found)}
        self._data = _data_of(connection, targets)
        results = {row["inputs_json"].get("result") for row in rows} - {None}
        owners = {row["id"] for row in rows} | targets | results
        owners |= {one for data in self._data.values() for datum in data for one in datum["line"]}
        self._proofs = evidence_of(connection, sorted(owners))
        self._people = _names(connection, {row["scored_by"] for row in by_id.values() if row["scored_by"]})

    def score(self, row: Row) -> dict[str, Any]:
        place, target = self._targets.get(row["target_id"], (0, None))
        inputs = row["inputs_json"] or {}
        owners = (row["id"], row["target_id"], inputs.get("result"))
        return {
            "id": row["id"],
            "component": row["component"],
            "title": target.label if target else "",
            "place": place,
            "goal": target.shown() if target else "",
            "value": shown(row["value"]),
            "of": plain(row["of"]),
            "basis": row["basis"],
            "method": METHODS.get(row["method"], row["method"]),
            "by": self._people.get(row["scored_by"] or "", ""),
            "at": row["scored_at"],
            "asked": asked_of(inputs),
            "rules": [_rule(rule) for rule in row["rules_json"] or [] if isinstance(rule, Mapping)],
            "data": self._figures(row["target_id"], target),
            "evidence": [proof for owner in owners if owner for proof in self._proofs.get(owner, [])],
            "earlier": list(self._earlier(row)),
        }

    def _figures(self, target_id: str | None, target: TargetView | None) -> list[dict[str, Any]]:
        measures = {measure.id: measure.row for measure in target.measures} if target else {}
        return [
            {
                "id": row["id"],
                "name": measures.get(row["measure"], {}).get("name", ""),
                "period": row["period"],
                "value": plain(row["value"]),
                "unit": measures.get(row["measure"], {}).get("unit", ""),
                "note": row["note"],
                "evidence": [proof for one in row["line"] for proof in self._proofs.get(one, [])],
            }
            for row in self._data.get(target_id or "", [])
        ]

    def _earlier(self, row: Row) -> Iterable[dict[str, Any]]:
        before = self._by_id.get(row["replaces_id"] or "")
        while before is not None:
            yield {"value": shown(before["value"]), "basis": before["basis"], "at": before["scored_at"]}
            before = self._by_id.get(before["replaces_id"] or "")


def asked_of(inputs: Mapping[str, Any]) -> str:
    """What a score was calculated from, in words: `权重 10，实现程度 0.9423`."""
    words = [f"{label} {shown(inputs[key])}" for key, label in ASKED.items() if inputs.get(key) is not None]
    if inputs.get("challenge"):
        words.append("挑战指标已实现" if inputs.get("challenge_met") else "挑战指标未实现")
    if inputs.get("key"):
        words.append("关键性挑战超额完成" if inputs.get("key_over") else "关键性挑战没有超额完成")
    if int(inputs.get("valid") or 0) >= FEWEST:
        words.append(f"有效打分 {inputs['valid']} 份")
    return "，".join(words)


def evidence_of(connection: Connection, owners: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Files that prove something, by the row that they prove."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in EVIDENCE_OF.rows(connection, owners=owners) if owners else []:
        proof = {"file_id": row["file_id"], "caption": row["caption"] or row["name"] or ""}
        found.setdefault(row["owner_id"], []).append(proof)
    return found


def _data_of(connection: Connection, targets: set[str]) -> dict[str, list[dict[str, Any]]]:
    """The figures of targets that nobody replaced, by period; `line` are the rows from it to the first word.

    Evidence stands with the row under which it was handed in: verifying and locking a figure adds rows.
    """
    if not targets:
        return {}
    rows = {row["id"]: row for row in DATA_OF.rows(connection, targets=sorted(targets))}
    replaced = {row["replaces_id"] for row in rows.values()}
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.values():
        if row["id"] not in replaced:
            found[row["target_id"]].append({**row, "line": list(_line(rows, row["id"]))})
    return found


def _line(rows: Mapping[str, Row], datum_id: str) -> Iterable[str]:
    at: str | None = datum_id
    while at is not None and at in rows:
        yield at
        at = rows[at]["replaces_id"]


def _names(connection: Connection, people: set[str]) -> dict[str, str]:
    rows = connection.execute(select(USERS.c.id, USERS.c.name).where(USERS.c.id.in_(people)))
    return {row.id: row.name for row in rows}


def _rule(rule: Row) -> str:
    return f"第 {rule['number']} 条：{rule['text'] or rule['id']}"


def shown(number: object) -> str:
    """A number that people read: at most four decimals."""
    value = Decimal(str(number))
    digits = value.as_tuple().exponent
    return plain(value.quantize(_DIGITS) if isinstance(digits, int) and digits < -4 else value)
