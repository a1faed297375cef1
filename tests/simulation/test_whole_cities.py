"""The two whole cities of the seeds work their year: minutes each, so behind the mark `proof`."""

from collections.abc import Callable
from decimal import Decimal
from math import ceil
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


def judge(said: dict[str, Any], by_hand: Callable[[dict[str, Any]], Decimal], *, best: str) -> None:
    """Nothing is stuck, everything verifies, and every total and grade can be worked out by hand."""
    assert (said["stuck_instances"], said["open_incidents"], said["audit_ok"]) == (0, 0, True)
    assert (said["given_up"], said["refused_answers"], said["fallback_answers"]) == ([], {}, {})
    units = said["units"]
    for unit in units:
        assert by_hand(unit["components"]) == Decimal(unit["total"]), unit["unit"]
    ordered = sorted(units, key=lambda unit: Decimal(unit["total_exact"]), reverse=True)
    able = [unit["unit"] for unit in ordered if not unit["components"].get("veto")]
    assert {unit["unit"] for unit in units if unit["grade"] == best} == set(able[: ceil(len(units) / 4)])


def test_zhangjiajie_2009(tmp_path: Path) -> None:
    said = work(tmp_path, "zhangjiajie_2009", 49, 2009)
    judge(said, zhangjiajie, best="优秀")
    grades = [unit["grade"] for unit in said["units"]]
    assert (grades.count("优秀"), grades.count("合格")) == (13, 36)
    assert sum(bool(unit["components"]["veto"]) for unit in said["units"]) == 1


def test_hangzhou_2018(tmp_path: Path) -> None:
    said = work(tmp_path, "hangzhou_13fyp", 58, 2018)
    judge(said, hangzhou, best="先进")
    grades = [unit["grade"] for unit in said["units"]]
    assert (grades.count("先进"), grades.count("达标")) == (15, 43)
    assert sum(Decimal(unit["components"]["innovation"]) > 0 for unit in said["units"]) > 5
