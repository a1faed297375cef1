"""综合评定: from components to totals, ranks and grades. Every figure comes from a decision.

The order is that of the diagram of 综合评定: targets (D08), total with plus, minus and veto (D10-D12), ranks
within the group, places in the quota (D13, D14), grades. Units are told apart by their key, which never
decides between two of them: equal scores share a rank.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

from engine.feel import Value
from processes.evaluation.inputs import Unit
from processes.evaluation.rulebook import Answer, Explained, Fired, NoAnswer, Rulebook
from processes.evaluation.scheme import Scheme

Context = dict[str, Value]


@dataclass(frozen=True)
class UnitScore:
    """One unit's result. `components` are what counted, unrounded; `decisions` the whole way there."""

    unit: str
    group: str
    components: Context
    total_exact: Decimal
    total: Decimal
    rank: int
    zone: str | None
    grade: str
    promoted: bool
    rules: tuple[Fired, ...]
    decisions: tuple[Explained, ...] = field(repr=False)


@dataclass(frozen=True)
class Scored:
    """A whole scoring: units in the order given, what was decided over several of them, and by which rules.

    `inputs`, `scheme` and `digests` are what a sealed snapshot keeps, so that it can be computed again.
    """

    units: list[UnitScore]
    over: list[tuple[str, Explained]]
    inputs: list[Context]
    scheme: Scheme
    digests: dict[str, str]


@dataclass
class _Standing:
    """A unit half-way: its total, then its rank and its place in the quota."""

    unit: Unit
    facts: Context
    total: Context
    vetoed: bool
    answers: list[Answer]
    rank: int = 0
    place: str = "none"

    def row(self) -> Context:
        """The unit as the decisions over several units see it."""
        return {
            "unit": self.unit.unit,
            "pre": self.total["pre"],
            "score": self.total["score"],
            "bonus": self.total["bonus"],
            "vetoed": self.vetoed,
        }


def score(units: Sequence[Unit], *, scheme: Scheme, rulebook: Rulebook) -> Scored:
    """Totals, ranks and grades of all units that are assessed together. Raises NoAnswer."""
    standings = [_total(unit, scheme, rulebook) for unit in units]
    over: list[tuple[str, Explained]] = []
    for group, members in _by_group(standings).items():
        answer = rulebook.decide("ranking", {"units": [one.row() for one in members]})
        over += [(group, decision) for decision in answer.decisions]
        ranks = {str(row["unit"]): row["rank"] for row in cast(list[Context], answer.value)}
        for one in members:
            one.rank = int(cast(Decimal, ranks[one.unit.unit]))
    for scope, members in _scopes(standings, scheme):
        answer = rulebook.decide("no_squeeze", {"units": [one.row() for one in members], "scheme": scheme})
        over += [(scope, decision) for decision in answer.decisions]
        places = cast(list[Context], cast(Context, answer.value)["places"])
        found = {str(row["unit"]): str(row["place"]) for row in places}
        for one in members:
            one.place = found[one.unit.unit]
    return Scored(
        units=[_graded(one, scheme, rulebook) for one in standings],
        over=over,
        inputs=[_input(unit) for unit in units],
        scheme=scheme,
        digests=dict(sorted(rulebook.digests.items())),
    )


def _total(unit: Unit, scheme: Scheme, rulebook: Rulebook) -> _Standing:
    """D08 for units with targets, then D10 to D12."""
    answers: list[Answer] = []
    facts: Context = dict(unit.marks)
    if unit.targets is not None:
        marks: list[Value] = []
        for target in unit.targets:
            answers.append(rulebook.decide("target_mark", {"target": dict(target), "scheme": scheme}))
            marks.append(answers[-1].value)
        answers.append(rulebook.decide("target_score", {"marks": marks, "scheme": scheme}))
        facts["targets"] = cast(Context, answers[-1].value)["score"]
    veto = facts.get("veto", False)
    facts |= {"veto": veto is True, "veto_items": veto if isinstance(veto, list) else []}
    facts |= {name: facts.get(name) for name in ("plus", "minus", "innovation")}
    for decision in ("total_score", "veto"):
        answers.append(rulebook.decide(decision, {"unit": facts, "scheme": scheme}))
    total, vetoed = (cast(Context, answer.value) for answer in answers[-2:])
    if total["exact"] is None:
        raise NoAnswer("total_score", (f"单位“{unit.unit}”的分项没有合成总分",))
    return _Standing(unit, facts, total, vetoed["vetoed"] is True, answers)


def _by_group(standings: Iterable[_Standing]) -> dict[str, list[_Standing]]:
    groups: dict[str, list[_Standing]] = defaultdict(list)
    for one in standings:
        groups[one.unit.group].append(one)
    return dict(groups)


def _scopes(standings: list[_Standing], scheme: Scheme) -> list[tuple[str, list[_Standing]]]:
    """Who shares one quota: each group, or all."""
    if cast(Context, scheme["grades"])["scope"] == "group":
        return list(_by_group(standings).items())
    return [("", standings)]


def _graded(one: _Standing, scheme: Scheme, rulebook: Rulebook) -> UnitScore:
    facts: Context = {"score": one.total["score"], "vetoed": one.vetoed, "place": one.place}
    answer = rulebook.decide("grade", {"unit": facts, "scheme": scheme})
    answers = [*one.answers, answer]
    decisions = tuple(decision for each in answers for decision in each.decisions)
    grade = cast(dict[str, Any], answer.value)
    zones = [cast(Context, each.value)["zone"] for each in decisions if each.id == "zone"]
    return UnitScore(
        unit=one.unit.unit,
        group=one.unit.group,
        components=_components(one),
        total_exact=cast(Decimal, one.total["exact"]),
        total=cast(Decimal, one.total["total"]),
        rank=one.rank,
        zone=cast("str | None", zones[-1]),
        grade=grade["grade"],
        promoted=grade["promoted"],
        rules=tuple(rule for decision in decisions for rule in decision.rules),
        decisions=decisions,
    )


def _components(one: _Standing) -> Context:
    """What counted: plus and minus points as far as the cap let them."""
    found = {"targets": one.facts["targets"]} if one.unit.targets is not None else {}
    found |= one.unit.marks
    return found | {name: one.total[name] for name in ("plus", "minus") if name in found}


def _input(unit: Unit) -> Context:
    given: Context = {"unit": unit.unit, "group": unit.group, **unit.marks}
    return given if unit.targets is None else given | {"targets": [dict(one) for one in unit.targets]}
