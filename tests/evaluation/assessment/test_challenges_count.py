"""A challenge that was taken counts in the score: met, exceeded, missed; key or not."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert

from engine.ids import new_id
from processes.adjusting.cases import CASES
from processes.adjusting.challenges import FACTS
from processes.evaluation.grading.marks import counting_scores
from tests.evaluation.assessment.test_assessment import PM
from tests.evaluation.city import City

UNIT = "市环保局"


def challenge(city: City, value: str, *, is_key: bool) -> str:
    """A challenge to PM2.5 of 2018 that was taken; the target."""
    [row] = city.rows(
        "select t.id, m.id as measure from target t join target_measure m on m.target_id = t.id "
        "join unit u on u.id = t.unit_id where u.name = :unit and t.cycle_id = :cycle and m.name = :name",
        unit=UNIT,
        cycle=city.last.id,
        name=PM,
    )
    common = {"cycle_id": city.last.id, "unit_id": city.demo.units[UNIT], "target_id": row["id"]}
    case_id, at = new_id(), city.clock.now()
    with city.engine.database.write() as connection:
        connection.execute(
            insert(CASES).values(
                id=case_id, **common, kind="challenge", number=1, label=PM, asker="unit", opened_at=at
            )
        )
        connection.execute(
            insert(FACTS).values(
                id=new_id(),
                case_id=case_id,
                **common,
                measure_id=row["measure"],
                value=Decimal(value),
                stands=True,
                is_key=is_key,
                basis="考评办评议",
                made_at=at,
            )
        )
    return str(row["id"])


@pytest.mark.parametrize(
    ("value", "is_key", "met", "over", "rule"),
    [
        ("50", True, True, True, "challenge_exceeded"),
        ("48", True, True, False, "challenge_reached"),
        ("45", False, False, False, "challenge_not_reached"),
    ],
)
def test_a_challenge_counts_as_the_locked_figure_says(
    turn_sqlite: City, value: str, is_key: bool, met: bool, over: bool, rule: str
) -> None:
    city = turn_sqlite
    target = challenge(city, value, is_key=is_key)
    city.begin("data_collection", "U39")
    city.begin("target_assessment", "U39")
    city.deliver("u39", {PM: "48"})
    city.self_assess("u39")
    city.until(2019, 2, 1)
    city.group_scores(found="1")
    city.complete("assess.leader", "leader_review", outcome="approve")
    with city.engine.database.read() as connection:
        scores = counting_scores(connection, city.last.id, unit_id=city.demo.units[UNIT])
    [pm] = [row for row in scores if row["target_id"] == target]
    [whole] = [row for row in scores if row["target_id"] is None]
    flags: dict[str, Any] = {"challenge": True, "challenge_met": met, "key": is_key, "key_over": over}
    assert flags.items() <= pm["inputs_json"].items()
    assert rule in {one["id"] for one in pm["rules_json"]}
    # 49 was asked for and 48 reached: achievement 1; the challenge makes the measure 1 or 0
    assert pm["value"] == (Decimal(1) if met else Decimal("0.6"))
    mean = (pm["value"] + 3 * Decimal("0.8")) / 4
    assert abs(whole["value"] - (95 * mean + (5 if over else 0))) < Decimal("1e-20")
    assert city.scalar("select count(*) from incident") == 0
