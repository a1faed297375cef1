"""What a unit of the virtual city really reaches of a figure, and what it says of it."""

import re
from dataclasses import dataclass
from decimal import Decimal

from processes.simulation.chance import Chance, rounded
from processes.simulation.city import Body

_SHOWN = re.compile(r"^\s*(≤|<|≥|>)?\s*(-?\d+(?:\.\d+)?)")
PLACES = 2
EFFORT = 0.06
"""What a unit reaches beyond its nature when it has declared a challenge."""


@dataclass(frozen=True)
class Goal:
    """A yearly figure as forms show it: `≤49μg/m³`, `120项`."""

    value: Decimal
    down: bool


def goal_of(shown: str) -> Goal | None:
    """The figure in a text; None where there is none yet."""
    found = _SHOWN.match(shown)
    return Goal(Decimal(found[2]), found[1] in ("≤", "<")) if found else None


def performance(body: Body, name: str, chance: Chance) -> Decimal:
    """What part of a target (by its name) the unit really reaches in the year, about 1."""
    luck = chance.of("performance", body.code, name).gauss(1, 0.02)
    effort = EFFORT if body.character.ambitious else 0
    return rounded(max(0.3, body.character.result * luck + effort), 4)


def reached(goal: Goal, part: Decimal, *, share: Decimal = Decimal(1)) -> Decimal:
    """The figure of a unit that reaches this part of its goal; `share` is the part of the year that is over,
    for figures that add up."""
    if goal.down:
        return rounded(goal.value / part, PLACES)
    if goal.value < 0:
        return rounded(goal.value / part, PLACES)
    return rounded(goal.value * part * share, PLACES)


def claimed(body: Body, name: str, chance: Chance) -> Decimal:
    """What part it says that it reaches: who cheats says more than is true."""
    true = performance(body, name, chance)
    return max(true, Decimal("1.02")) if body.character.role == "cheat" else true


def text(number: Decimal) -> str:
    """A number as people type it."""
    plain = format(number, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
