"""Conditions as forms hold them, made up from a seed: hide, readonly, required, values of other fields."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

DATA: dict[str, object] = {
    "score": 87.5,
    "weight": 40,
    "round": 0,
    "loss": -3,
    "grade": "优",
    "remark": "",
    "unit": "市发展和改革委员会",
    "agreed": True,
    "secret": False,
    "missing": None,
    "due": "2018-06-30",
    "marks": [90, 80, 70],
    "none": [],
    "tags": ["重点", "民生"],
    "target": {"name": "PM2.5", "plan": 49, "actual": 52, "met": False},
    "rows": [{"w": 40, "done": True}, {"w": 30, "done": False}, {"w": 30, "done": True}],
}
"""What a form's fields hold; a field that was left empty is null, or is not there at all (`absent`)."""

NUMBERS = ["score", "weight", "round", "loss", "target.plan", "target.actual", "0", "40", "1.5", "-2", "100"]
TEXTS = ["grade", "remark", "unit", "target.name", '"优"', '"市"', '""', '"重点"']
TRUTHS = ["agreed", "secret", "target.met", "true", "false"]
PATTERNS = ['"^市"', '"[0-9]+"', '".+"']
DAYS = ['"2018-06-30"', '"2018-12-31"', '"2017-01-01"']
TESTS = ["< 60", ">= 85", "[1..3]", "40", "> 90", "0", "[5..9]"]
LISTS = ["marks", "none", "tags", "[1, 2, 3]"]
ANY = ["missing", "absent", "target.absent", "null"]


class Maker:
    """Makes expressions of a kind, so many levels deep."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def condition(self, depth: int = 2) -> str:
        """A truth value."""
        ways: list[Callable[[int], str]] = [self._compared, self._compared, self._about, self._within]
        if depth > 0:
            ways += [self._joined, self._joined, self._negated, self._chosen, self._quantified]
        return self._random.choice(ways)(depth)

    def value(self, depth: int = 1) -> str:
        """A number or text, as a field's default or a text's placeholder."""
        return self._random.choice([self.number, self.text])(depth)

    def number(self, depth: int = 1) -> str:
        """A number."""
        pick = self._random.choice
        if depth == 0 or self._random.random() < 0.4:
            return pick([*NUMBERS, *NUMBERS, *ANY])
        return pick(
            [
                f"{self.number(depth - 1)} {pick('+-*/')} {self.number(depth - 1)}",
                f"({self.number(depth - 1)} + {self.number(depth - 1)}) * {self.number(0)}",
                f"count({pick([*LISTS, 'rows'])})",
                f"sum({pick(['marks', 'rows.w', 'none', '[1, 2, 3]'])})",
                f"{pick(['min', 'max', 'mean'])}({pick(['marks', 'rows.w', '[1, 2, 3]'])})",
                f"{pick(['floor', 'ceiling', 'abs'])}({self.number(depth - 1)})",
                f"string length({self.text(0)})",
                f"if {self.condition(0)} then {self.number(0)} else {self.number(0)}",
                f"marks[{pick(['1', '-1', '3', '4', '0'])}]",
                "sum(rows[done].w)",
            ]
        )

    def text(self, depth: int = 1) -> str:
        """A text."""
        pick = self._random.choice
        if depth == 0 or self._random.random() < 0.4:
            return pick([*TEXTS, *TEXTS, *ANY])
        return pick(
            [
                f"{self.text(0)} + {self.text(0)}",
                f"{pick(['upper case', 'lower case'])}({self.text(0)})",
                f"substring({self.text(0)}, {pick(['1', '2', '-1'])})",
                f"string({self.number(0)})",
                f"if {self.condition(0)} then {self.text(0)} else {self.text(0)}",
                f"tags[{pick(['1', '-1', '5'])}]",
                'string join(tags, "、")',
            ]
        )

    def _compared(self, depth: int) -> str:
        pick = self._random.choice
        sign = pick(["=", "!=", "<", "<=", ">", ">="])
        kind = pick([self.number, self.number, self.text])
        if self._random.random() < 0.1:
            return f"{pick([*TEXTS, *LISTS, *TRUTHS])} {sign} {pick([*NUMBERS, *ANY])}"
        return f"{kind(min(depth, 1))} {sign} {kind(0)}"

    def _about(self, depth: int) -> str:
        pick = self._random.choice
        return pick(
            [
                pick([*TRUTHS, *ANY]),
                f"{pick(['contains', 'starts with', 'ends with'])}({self.text(0)}, {self.text(0)})",
                f"list contains({pick(LISTS)}, {pick([*TEXTS, *NUMBERS])})",
                f"matches({self.text(0)}, {pick(PATTERNS)})",
                f"{pick([*NUMBERS, *TEXTS, *LISTS, *ANY])} = {pick(ANY)}",
                f"date(due) {pick(['<', '>=', '='])} date({pick(DAYS)})",
            ]
        )

    def _within(self, depth: int) -> str:
        pick = self._random.choice
        return pick(
            [
                f"{self.number(0)} in [{pick(['0', '40', '60'])}..{pick(['85', '100'])}{pick('])')}",
                f"{self.number(0)} between {self.number(0)} and {self.number(0)}",
                f"{self.number(0)} in ({pick(TESTS)}, {pick(TESTS)})",
                f'{self.text(0)} in ("优", "良", {self.text(0)})',
                f"{self.text(0)} in {pick(['tags', 'none'])}",
            ]
        )

    def _joined(self, depth: int) -> str:
        sign = self._random.choice([" and ", " or "])
        count = self._random.choice([2, 2, 3])
        return "(" + sign.join(self.condition(depth - 1) for _ in range(count)) + ")"

    def _negated(self, depth: int) -> str:
        return f"not({self.condition(depth - 1)})"

    def _chosen(self, depth: int) -> str:
        return f"if {self.condition(depth - 1)} then {self.condition(0)} else {self.condition(0)}"

    def _quantified(self, depth: int) -> str:
        pick = self._random.choice
        return pick(
            [
                f"{pick(['some', 'every'])} r in rows satisfies r.{pick(['done', 'w > 30', 'w = 30'])}",
                f"{pick(['some', 'every'])} m in {pick(['marks', 'none'])} satisfies m >= {self.number(0)}",
                f"count(rows[{pick(['done', 'w > 30', 'not(done)', 'w = absent'])}]) > {pick('012')}",
            ]
        )


def conditions(count: int, *, seed: int) -> list[str]:
    """Different conditions and values, always the same for a seed."""
    maker = Maker(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        found[maker.value() if len(found) % 5 == 4 else maker.condition()] = None
    return list(found)
