"""A decision model as it was written: plain frozen classes, no XML inside."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

HitPolicy = Literal["UNIQUE", "FIRST", "ANY", "PRIORITY", "RULE ORDER", "OUTPUT ORDER", "COLLECT"]
Aggregation = Literal["", "SUM", "MIN", "MAX", "COUNT"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the file."""

    line: int
    element: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """An expression's or test's text and its place."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Boxed:
    """Root of all expressions that have a box; `type_ref` is empty where none is given."""

    place: Place
    type_ref: str


@dataclass(frozen=True, slots=True)
class LiteralBox(Boxed):
    """A FEEL text."""

    text: Text


@dataclass(frozen=True, slots=True)
class Variable:
    """A name with a type."""

    name: str
    type_ref: str


@dataclass(frozen=True, slots=True)
class ContextBox(Boxed):
    """Named entries and, without a name, perhaps a result."""

    entries: tuple[tuple[Variable | None, Boxed | None], ...]


@dataclass(frozen=True, slots=True)
class InvocationBox(Boxed):
    """A function called with named boxes."""

    function: Boxed | None
    bindings: tuple[tuple[Variable, Boxed | None], ...]


@dataclass(frozen=True, slots=True)
class FunctionBox(Boxed):
    """Parameters and a body."""

    parameters: tuple[Variable, ...]
    body: Boxed | None
    kind: str = "FEEL"


@dataclass(frozen=True, slots=True)
class ListBox(Boxed):
    """Boxes in a row."""

    items: tuple[Boxed | None, ...]


@dataclass(frozen=True, slots=True)
class RelationBox(Boxed):
    """A list of contexts written as a table."""

    columns: tuple[Variable, ...]
    rows: tuple[tuple[Boxed | None, ...], ...]


@dataclass(frozen=True, slots=True)
class ConditionalBox(Boxed):
    """if, then, else as boxes."""

    condition: Boxed | None
    chosen: Boxed | None
    otherwise: Boxed | None


@dataclass(frozen=True, slots=True)
class FilterBox(Boxed):
    """A list and a condition on its items."""

    source: Boxed | None
    condition: Boxed | None


@dataclass(frozen=True, slots=True)
class IteratorBox(Boxed):
    """for, some or every over a list."""

    kind: Literal["for", "some", "every"]
    variable: str
    source: Boxed | None
    body: Boxed | None


@dataclass(frozen=True, slots=True)
class InputColumn:
    """A column of conditions."""

    expression: Text
    type_ref: str
    allowed: Text | None
    label: str


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """A column of results."""

    name: str
    type_ref: str
    allowed: Text | None
    default: Text | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: a test for each input, an expression for each output."""

    id: str
    tests: tuple[Text, ...]
    results: tuple[Text, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class TableBox(Boxed):
    """A decision table."""

    hit_policy: HitPolicy
    aggregation: Aggregation
    inputs: tuple[InputColumn, ...]
    outputs: tuple[OutputColumn, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A named type of the model: `allowed` holds for each item of a collection, `constraint` for all."""

    name: str
    type_ref: str
    components: tuple[ItemDefinition, ...]
    collection: bool
    allowed: Text | None
    place: Place
    function: tuple[tuple[str, ...], str] | None = None
    constraint: Text | None = None


@dataclass(frozen=True, slots=True)
class InputData:
    """Something given from outside."""

    id: str
    variable: Variable
    place: Place


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision: what it needs and how it is made."""

    id: str
    name: str
    variable: Variable
    logic: Boxed | None
    inputs: tuple[str, ...]
    decisions: tuple[str, ...]
    knowledge: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A business knowledge model: a function that decisions share."""

    id: str
    variable: Variable
    function: FunctionBox | None
    knowledge: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Service:
    """A decision service: some decisions called as one function."""

    id: str
    variable: Variable
    outputs: tuple[str, ...]
    encapsulated: tuple[str, ...]
    input_decisions: tuple[str, ...]
    inputs: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Home:
    """One model as it was drawn in: the names of its imports with their prefixes, and those without a name.

    `path` are the import names that lead to it.
    """

    aliases: dict[str, str]
    defaults: tuple[str, ...]
    path: tuple[str, ...]

    def alias_of(self, key: str) -> str:
        """The import name under which an element is seen; empty when it is seen without one."""
        prefix = prefix_of(key)
        if not prefix or prefix in self.defaults:
            return ""
        return next((alias for alias, target in self.aliases.items() if target == prefix), "")


def prefix_of(key: str) -> str:
    """The model that a key belongs to; empty for the file itself."""
    return key.rpartition("#")[0]


@dataclass(frozen=True, slots=True)
class Definitions:
    """A whole file; the dictionaries are keyed by id, the types by name.

    Keys of imported elements begin with the prefix of their model and `#`; `homes` has one entry a prefix.
    """

    file: str
    name: str
    types: dict[str, ItemDefinition] = field(default_factory=dict)
    inputs: dict[str, InputData] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    knowledge: dict[str, Knowledge] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    homes: dict[str, Home] = field(default_factory=dict)
