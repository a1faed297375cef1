"""Units to be scored, made in a line each."""

from decimal import Decimal
from typing import Any

from processes.evaluation.inputs import read_given
from processes.evaluation.rulebook import bundled
from processes.evaluation.scoring import Scored, UnitScore, score
from tests.processes.evaluation.asking import content_of, exact, scheme

Row = dict[str, Any]


def zhangjiajie(name: str, mark: object, **more: Any) -> Row:
    """A unit with the same mark in every component: its total is ten times that mark."""
    return {"unit": name, "indicators": mark, "public": mark, "internal": mark, **more}


def hangzhou(name: str, before: object, innovation: object = 0) -> Row:
    """A unit with that total before innovation, from 47.75 on."""
    done = {"weight": 1, "achievement": 1, "measure": 1}
    social = (Decimal(str(before)) - Decimal("47.75")) * 2
    return {"unit": name, "targets": [done], "social": social, "leaders": 5, "innovation": innovation}


def scored(profile: str, rows: list[Row], **changes: dict[str, Any]) -> Scored:
    """The rows scored under a profile; `changes` are `group={name: value}` of its parameters."""
    given = read_given(exact({"units": rows}), content_of(profile))
    return score(given.units, scheme=scheme(profile, **changes), rulebook=bundled())


def by_name(result: Scored) -> dict[str, UnitScore]:
    return {unit.unit: unit for unit in result.units}


def grades(result: Scored) -> dict[str, str]:
    return {unit.unit: unit.grade for unit in result.units}
