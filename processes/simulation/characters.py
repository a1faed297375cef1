"""What units and people of the virtual city are like. Invented; no city is meant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from processes.simulation.chance import Chance

ORDINARY = "ordinary"
ROLES: tuple[tuple[str, str], ...] = (
    ("appeals", "申诉成立"),
    ("cheat", "自报数据弄虚作假"),
    ("vetoed", "发生一票否决事项"),
    ("late", "常常迟报"),
    ("sloppy", "马虎，材料被退回，申诉不成立"),
    ("excellent", "样样在前"),
)
"""The characters that every city has, so far as it has units enough: key, and what people say of it."""


@dataclass(frozen=True)
class Character:
    """How a unit works.

    `pace`: the part of the time allowed that it takes, above 1 is late. `care`: how likely its papers are in
    order at the first time. `result`: what part of its targets it really reaches. `liked`: how satisfied
    people are with it, 0 to 1. `ambitious`: it declares a challenge, where the scheme has them, and works
    harder for it.
    """

    role: str
    pace: float
    care: float
    result: float
    liked: float
    ambitious: bool = False

    @property
    def said(self) -> str:
        """The role as people say it; empty for an ordinary unit."""
        return dict(ROLES).get(self.role, "")


AMBITIOUS = 0.25
"""The share of ordinary units that declare a challenge."""

_OF_ROLES: Mapping[str, Character] = {
    "excellent": Character("excellent", 0.3, 1.0, 1.03, 0.93, ambitious=True),
    "late": Character("late", 1.35, 0.9, 0.95, 0.78),
    "sloppy": Character("sloppy", 0.7, 0.35, 0.93, 0.75),
    "cheat": Character("cheat", 0.6, 0.9, 0.80, 0.70),
    "vetoed": Character("vetoed", 0.5, 0.95, 1.01, 0.90),
    "appeals": Character("appeals", 0.5, 0.95, 0.99, 0.85),
}


def cast(codes: Sequence[str], chance: Chance) -> dict[str, Character]:
    """A character for each unit, by its code. Which unit plays which role is drawn."""
    drawn = sorted(codes, key=lambda code: chance.of("role", code).random())
    roles = {code: role for code, (role, _said) in zip(drawn, ROLES, strict=False)}
    return {code: _OF_ROLES[roles[code]] if code in roles else _ordinary(code, chance) for code in codes}


def _ordinary(code: str, chance: Chance) -> Character:
    mood = chance.of("character", code)
    return Character(
        ORDINARY,
        pace=mood.uniform(0.25, 0.9),
        care=mood.uniform(0.8, 1.0),
        result=mood.gauss(0.955, 0.03),
        liked=mood.uniform(0.68, 0.92),
        ambitious=mood.random() < AMBITIOUS,
    )


@dataclass(frozen=True)
class Judge:
    """How somebody judges: `strict` is taken from what a lenient one would give, 0 to 1."""

    strict: Decimal = field(default_factory=lambda: Decimal(0))


def judge(login: str, chance: Chance) -> Judge:
    """The severity of an expert, assessor or leader, by their log-in."""
    return Judge(chance.share(0, 0.12, "severity", login))
