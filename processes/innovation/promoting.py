"""D14: whom the innovation bonus promotes. Who was in before stays in, who comes in takes nobody's place.

The composite grading (综合评定) grades with the same decision; this answers the office beforehand.
Source: 004, “加分后如晋档的，不挤占综合考评已进入先进以上等次单位名额”.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from sqlalchemy import Connection, select

from engine.feel import Value
from processes.evaluation.rulebook import Rulebook, bundled
from processes.evaluation.scheme import Scheme
from processes.evaluation.score_records import Score
from processes.tables import table_of

SCORES = table_of(Score)
COMPONENT = "innovation"
DECISION = "no_squeeze"
FILES = ("evaluation/standing.dmn",)


@dataclass(frozen=True)
class Place:
    """A unit with its bonus: `holder` (in before), `promoted`, `tied`, `none` or `barred`."""

    unit_id: str
    score: Decimal
    bonus: Decimal
    place: str

    @property
    def advances(self) -> bool:
        """Whether the unit is in."""
        return self.place in ("holder", "promoted")


def bonus_of(connection: Connection, cycle_id: str) -> dict[str, Decimal]:
    """The bonus points of the year by unit: of each unit's rows in the ledger the newest not replaced."""
    query = (
        select(SCORES)
        .where(SCORES.c.cycle_id == cycle_id, SCORES.c.component == COMPONENT)
        .order_by(SCORES.c.scored_at, SCORES.c.id)
    )
    rows = [dict(row) for row in connection.execute(query).mappings()]
    replaced = {row["replaces_id"] for row in rows}
    return {row["unit_id"]: row["value"] for row in rows if row["id"] not in replaced}


def promotions(
    before: Mapping[str, Decimal],
    bonus: Mapping[str, Decimal],
    *,
    scheme: Scheme,
    rulebook: Rulebook | None = None,
) -> list[Place]:
    """Where each unit stands once its bonus counts. `before` are the totals without it, by unit.

    Raises: NoAnswer when the decision gives nothing.
    """
    units: list[Value] = [
        {
            "unit": unit,
            "pre": score,
            "bonus": bonus.get(unit, Decimal(0)),
            "score": score + bonus.get(unit, Decimal(0)),
            "vetoed": False,
        }
        for unit, score in before.items()
    ]
    answer = (rulebook or bundled(FILES)).decide(DECISION, {"units": units, "scheme": scheme})
    places = cast(list[dict[str, Value]], cast(dict[str, Value], answer.value)["places"])
    return [
        Place(
            unit_id=str(one["unit"]),
            score=cast(Decimal, one["score"]),
            bonus=bonus.get(str(one["unit"]), Decimal(0)),
            place=str(one["place"]),
        )
        for one in places
    ]
