"""How points and ranges lie to each other. Source: DMN 1.5, 10.3.4.11 and table 78."""

from __future__ import annotations

from collections.abc import Callable

from engine.feel.builtins.registry import builtin
from engine.feel.compare import equal, less
from engine.feel.functions import BadCall
from engine.feel.scope import Run
from engine.feel.values import Range, Value


class Interval:
    """A range, or a point as a range of one, with comparisons of its ends that may raise BadCall."""

    def __init__(self, run: Run, value: Value) -> None:
        self.run = run
        self.range = value if isinstance(value, Range) else Range(value, value)
        self.point = not isinstance(value, Range)
        if (self.range.start is None and self.range.end is None) or value is None:
            raise BadCall("空值既不是点也不是区间")

    def order(self, left: Value, right: Value) -> int:
        """-1, 0 or 1."""
        before, after = less(left, right), less(right, left)
        if before is None or after is None:
            raise BadCall("两端之间无法比较大小")
        return int(after) - int(before)

    def starts_to(self, other: Interval) -> int:
        """How this start lies to the other's start: an included end comes first."""
        mine, theirs = self.range, other.range
        if mine.start is None or theirs.start is None:
            return int(mine.start is not None) - int(theirs.start is not None)
        order = self.order(mine.start, theirs.start)
        return order or int(theirs.start_included) - int(mine.start_included)

    def ends_to(self, other: Interval) -> int:
        """How this end lies to the other's end: an included end comes last."""
        mine, theirs = self.range, other.range
        if mine.end is None or theirs.end is None:
            return int(theirs.end is not None) - int(mine.end is not None)
        order = self.order(mine.end, theirs.end)
        return order or int(mine.end_included) - int(theirs.end_included)

    def gap_to(self, other: Interval) -> int:
        """This end against the other's start: -1 apart, 0 touching in a point both hold, 1 reaching over."""
        mine, theirs = self.range, other.range
        if mine.end is None or theirs.start is None:
            return 1
        order = self.order(mine.end, theirs.start)
        if order == 0 and not (mine.end_included and theirs.start_included):
            return -1
        return order


Relation = Callable[[Interval, Interval], bool]


def _before(one: Interval, two: Interval) -> bool:
    return one.gap_to(two) < 0


def _meets(one: Interval, two: Interval) -> bool:
    return one.gap_to(two) == 0 and one.range.end_included and two.range.start_included


def _overlaps(one: Interval, two: Interval) -> bool:
    return one.gap_to(two) >= 0 and two.gap_to(one) >= 0


def _overlaps_before(one: Interval, two: Interval) -> bool:
    return one.starts_to(two) < 0 and one.gap_to(two) >= 0 and one.ends_to(two) < 0


def _finishes(one: Interval, two: Interval) -> bool:
    return one.ends_to(two) == 0 and one.starts_to(two) >= 0


def _includes(one: Interval, two: Interval) -> bool:
    return one.starts_to(two) <= 0 and one.ends_to(two) >= 0


def _starts(one: Interval, two: Interval) -> bool:
    return one.starts_to(two) == 0 and one.ends_to(two) <= 0


def _coincides(one: Interval, two: Interval) -> bool:
    return one.starts_to(two) == 0 and one.ends_to(two) == 0


def _swapped(relation: Relation) -> Relation:
    return lambda one, two: relation(two, one)


_POINTS, _RANGES = "point1: point, point2: point", "range1: range, range2: range"
_POINT_RANGE, _RANGE_POINT = "point: point, range: range", "range: range, point: point"


def _declare(name: str, relation: Relation, *declarations: str) -> None:
    def related(run: Run, left: Value, right: Value) -> Value:
        return relation(Interval(run, left), Interval(run, right))

    for declared in declarations:
        builtin(name, declared)(related)


_declare("before", _before, _POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES)
_declare("after", _swapped(_before), _POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES)
_declare("meets", _meets, _RANGES)
_declare("met by", _swapped(_meets), _RANGES)
_declare("overlaps", _overlaps, _RANGES)
_declare("overlaps before", _overlaps_before, _RANGES)
_declare("overlaps after", _swapped(_overlaps_before), _RANGES)
_declare("finishes", _finishes, _POINT_RANGE, _RANGES)
_declare("finished by", _swapped(_finishes), _RANGE_POINT, _RANGES)
_declare("includes", _includes, _RANGE_POINT, _RANGES)
_declare("during", _swapped(_includes), _POINT_RANGE, _RANGES)
_declare("starts", _starts, _POINT_RANGE, _RANGES)
_declare("started by", _swapped(_starts), _RANGE_POINT, _RANGES)
_declare("coincides", _coincides, _POINTS, _RANGES)


@builtin("range", "from: string")
def range_from(run: Run, text: str) -> Value:
    """The range that a text spells; its ends must be literals in rising order."""
    from engine.feel.range_text import parse_range

    run.charge(100 + 20 * len(text))  # it has to be read as an expression
    made = parse_range(text)
    if made is None or equal(run, made, made) is not True:
        raise BadCall(f"“{text[:40]}”不是区间")
    return made
