"""Decisions at hand by id, each with the digest of its version; every answer says how it came about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files

from lxml import etree

from engine.dmn import Decisions, DecisionTrace, read
from engine.feel import Limits, Value

SCORING = (
    "evaluation/target_score.dmn",
    "evaluation/composite_score.dmn",
    "evaluation/standing.dmn",
    "evaluation/grade.dmn",
)
"""The files that a total, a rank and a grade need."""
AMPLE = Limits(steps=10_000_000)
"""Ranking a whole province at once takes more steps than one expression on a page."""


@dataclass(frozen=True)
class Fired:
    """A rule that fired: its decision, its number in the table from 1, its id and what it says."""

    decision: str
    number: int
    id: str
    text: str


@dataclass(frozen=True)
class Explained:
    """One decision on the way: what it looked at, the rules that fired, what came out."""

    id: str
    name: str
    inputs: dict[str, Value]
    rules: tuple[Fired, ...]
    value: Value


@dataclass(frozen=True)
class Answer:
    """A decision's value and the decisions on the way, the required ones first."""

    value: Value
    decisions: tuple[Explained, ...]

    @property
    def rules(self) -> tuple[Fired, ...]:
        """All rules that fired, in order."""
        return tuple(rule for decision in self.decisions for rule in decision.rules)


class NoAnswer(Exception):
    """A decision gave nothing where a value is needed; `why` are the reasons with their place."""

    def __init__(self, decision: str, why: tuple[str, ...]) -> None:
        super().__init__(f"决策“{decision}”没有得出结果：{'；'.join(why) or '没有规则命中'}")
        self.decision = decision
        self.why = why


class Rulebook:
    """Decision files, compiled once; shareable between threads."""

    def __init__(self, contents: Mapping[str, bytes], *, wanted: Mapping[str, str] | None = None) -> None:
        """`contents`: files by name, from the product or from deployed versions (`name#version`). Raises
        DmnRefused.

        `wanted` says from which file a decision is taken that stands in several.
        """
        self.digests: dict[str, str] = {}
        self._files: dict[str, Decisions] = {}
        self._texts: dict[str, dict[str, str]] = {}
        chosen = wanted or {}
        for file, content in contents.items():
            plain, _, _version = file.partition("#")  # as it was deployed, so that it is compiled already
            decisions, texts = read(content, file=plain), _rule_texts(content)
            for key in decisions.names:
                if chosen.get(key, file) == file:
                    self._files[key], self._texts[key] = decisions, texts
                    self.digests[key] = sha256(content).hexdigest()

    def decide(self, decision: str, inputs: Mapping[str, Value]) -> Answer:
        """Make a decision. Raises NoAnswer when it gives nothing, KeyError when there is none of that id."""
        outcome = self._files[decision].decide(decision, inputs, limits=AMPLE)
        if outcome.value is None:
            raise NoAnswer(decision, tuple(warning.message for warning in outcome.warnings))
        return Answer(outcome.value, tuple(self._explained(trace) for trace in outcome.decisions))

    def _explained(self, trace: DecisionTrace) -> Explained:
        texts = self._texts[trace.id]
        rules = tuple(Fired(trace.id, rule.number, rule.id, texts.get(rule.id, "")) for rule in trace.rules)
        return Explained(trace.id, self._files[trace.id].names[trace.id], trace.inputs, rules, trace.value)


def bundled(names: Iterable[str] = SCORING) -> Rulebook:
    """The product's own decisions, from files under `processes`. Raises DmnRefused."""
    return _bundled(tuple(names))


@cache
def _bundled(names: tuple[str, ...]) -> Rulebook:
    root = files("processes")
    return Rulebook({f"processes/{name}": root.joinpath(name).read_bytes() for name in names})


def _rule_texts(content: bytes) -> dict[str, str]:
    """Each rule's id with the sentence that the designer wrote beside it."""
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    found: dict[str, str] = {}
    for rule in root.iter("{*}rule"):
        text = rule.findtext("{*}description")
        found[str(rule.get("id", ""))] = (text or "").strip()
    return found
