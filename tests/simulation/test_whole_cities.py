"""The two whole cities of the seeds work their year: minutes each, so behind the mark `proof`."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.commands.line import Line
from tests.simulation.by_hand import hangzhou, zhangjiajie

pytestmark = [pytest.mark.proof, pytest.mark.xdist_group("simulation")]


def work(folder: Path, profile: str, units: int, year: int) -> dict[str, Any]:
    said = Line(folder, {}).run(
        *("simulate", "--profile", profile, "--units", str(units), "--year", str(year)),
        *("--seed", "7", "--json"),
    )
    assert said.status == 0, said.err
    found: dict[str, Any] = said.json
    return found


def judge(said: dict[str, Any], by_hand: Callable[[dict[str, Any]], Decimal]) -> None:
    """Nothing is stuck, everything verifies, and every total can be worked out by hand."""
    assert (said["stuck_instances"], said["open_incidents"], said["audit_ok"]) == (0, 0, True)
    assert (said["given_up"], said["refused_answers"], said["fallback_answers"]) == ([], {}, {})
    for unit in said["units"]:
        assert by_hand(unit["components"]) == Decimal(unit["total"]), unit["unit"]


def test_zhangjiajie_2009(tmp_path: Path) -> None:
    said = work(tmp_path, "zhangjiajie_2009", 49, 2009)
    judge(said, zhangjiajie)
    units = said["units"]
    ordered = sorted(units, key=lambda unit: Decimal(unit["total_exact"]), reverse=True)
    able = [unit["unit"] for unit in ordered if not unit["components"]["veto"]]
    assert {unit["unit"] for unit in units if unit["grade"] == "优秀"} == set(able[:13])
    assert [unit["grade"] for unit in units].count("合格") == 36
    assert len(able) == 48, "one is vetoed"


def test_hangzhou_2018(tmp_path: Path) -> None:
    """Seats go by the score without 创新创优; who reaches their line with it is promoted beside them."""
    said = work(tmp_path, "hangzhou_13fyp", 58, 2018)
    judge(said, hangzhou)
    units = said["units"]
    before = {
        unit["unit"]: Decimal(unit["total_exact"]) - Decimal(unit["components"]["innovation"])
        for unit in units
    }
    seated = sorted(before, key=lambda name: before[name], reverse=True)[:15]
    line = before[seated[-1]]
    promoted = {
        unit["unit"] for unit in units if unit["unit"] not in seated and Decimal(unit["total_exact"]) >= line
    }
    assert {unit["unit"] for unit in units if unit["grade"] == "先进"} == {*seated, *promoted}
    assert {unit["unit"] for unit in units if unit["promoted"]} == promoted
    assert sum(Decimal(unit["components"]["innovation"]) > 0 for unit in units) > 5
