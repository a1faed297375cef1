"""What scoring is told of challenges (挑战指标): which targets are challenged, and whether they were met.

The facts are those that the office and the committee put down; met is what the locked figure says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from engine.work.bindings import ServiceCall
from processes.adjusting.challenges import standing_facts
from processes.cycle.reading import cycle_of
from processes.evaluation.assessment.rules import Rules
from processes.evaluation.collection.ledger import newest
from processes.evaluation.rulebook import Answer
from processes.planning.reading import MEASURES
from processes.planning.steps import unit_of

DECISION = "challenge_result"


@dataclass(frozen=True)
class Flags:
    """The four flags of one target as D08 takes them, and why."""

    challenge: bool = False
    challenge_met: bool = False
    key: bool = False
    key_over: bool = False
    reasons: tuple[Answer, ...] = ()

    def inputs(self) -> dict[str, bool]:
        """The flags by the names that the decision knows."""
        return {name: getattr(self, name) for name in ("challenge", "challenge_met", "key", "key_over")}


PLAIN = Flags()
"""A target that nobody challenged."""


def flags_of(call: ServiceCall, rules: Rules) -> dict[str, Flags]:
    """The flags of the challenged targets of the step's unit, by target."""
    facts = standing_facts(call.connection, cycle_id=call.cycle_id, unit_id=str(unit_of(call)["id"]))
    measures = [str(fact["measure_id"]) for fact in facts.values()]
    year = str(cycle_of(call.connection, call.cycle_id)["year"])
    data = newest(call.connection, cycle_id=call.cycle_id, period=year, measures=measures)
    query = select(MEASURES.c.id, MEASURES.c.direction).where(MEASURES.c.id.in_(measures))
    directions = {row.id: row.direction for row in call.connection.execute(query)}
    return {
        target_id: _flags(
            rules, fact, data.get(fact["measure_id"]), direction=directions.get(fact["measure_id"], "up")
        )
        for target_id, fact in facts.items()
    }


def _flags(
    rules: Rules, fact: Mapping[str, Any], datum: Mapping[str, Any] | None, *, direction: str
) -> Flags:
    locked = datum is not None and datum["status"] == "locked"
    actual = datum["value"] if datum is not None and locked else None
    answer = rules.decide(
        DECISION, challenge={"value": fact["value"], "actual": actual, "direction": direction}
    )
    result: Any = answer.value
    is_key = bool(fact["is_key"])
    return Flags(True, bool(result["met"]), is_key, is_key and bool(result["over"]), (answer,))
