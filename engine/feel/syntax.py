"""The syntax tree: one frozen class a construct. Every node knows its line and column."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal as OneOf

from engine.feel.errors import Position
from engine.feel.types import Type
from engine.feel.values import Value

ArithmeticOp = OneOf["+", "-", "*", "/", "**"]
CompareOp = OneOf["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Node:
    """Root of all constructs."""

    position: Position


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, text, boolean, null or `@"..."`."""

    value: Value


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable or function; `local` when an enclosing construct binds it, `guessed` inside a filter."""

    name: str
    local: bool = False
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Negate(Node):
    """`-operand`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`left op right`."""

    op: ArithmeticOp
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """`left op right`, giving a boolean or null."""

    op: CompareOp
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """`a and b and c`, or the same with `or`."""

    op: OneOf["and", "or"]
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`value between low and high`."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """`value in (tests)`; one test that holds is enough."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class CompareTest(Node):
    """`> operand` as a test or as a range of its own."""

    op: CompareOp
    operand: Node


@dataclass(frozen=True, slots=True)
class AnyTest(Node):
    """`-`: holds for everything."""


@dataclass(frozen=True, slots=True)
class NotTest(Node):
    """`not(tests)` as a unary test."""

    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class RangeLiteral(Node):
    """`[a..b]` and its half-open relatives."""

    start: Node
    end: Node
    start_included: bool
    end_included: bool


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if condition then chosen else otherwise`."""

    condition: Node
    chosen: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iterator(Node):
    """`name in source` or `name in source..end`."""

    name: str
    source: Node
    end: Node | None


@dataclass(frozen=True, slots=True)
class For(Node):
    """`for iterators return body`."""

    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`some|every iterators satisfies condition`."""

    kind: OneOf["some", "every"]
    iterators: tuple[Iterator, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """`value instance of type`."""

    value: Node
    type: Type


@dataclass(frozen=True, slots=True)
class Parameter(Node):
    """A parameter of a function literal; without a type it takes anything."""

    name: str
    type: Type | None


@dataclass(frozen=True, slots=True)
class FunctionLiteral(Node):
    """`function(parameters) body`."""

    parameters: tuple[Parameter, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class External(Node):
    """The body of a function written in another language: never run, always null."""


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`callee(arguments)`; `names` has one name an argument when they are named."""

    callee: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Path(Node):
    """`source.name`."""

    source: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`source[condition]`."""

    source: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class ListLiteral(Node):
    """`[a, b]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextEntry(Node):
    """`key: value`."""

    key: str
    value: Node


@dataclass(frozen=True, slots=True)
class ContextLiteral(Node):
    """`{entries}`; later entries see earlier ones."""

    entries: tuple[ContextEntry, ...]


def children(node: Node) -> list[Node]:
    """The nodes directly under a node, in reading order."""
    found: list[Node] = []
    for field in fields(node):
        part = getattr(node, field.name)
        if isinstance(part, Node):
            found.append(part)
        elif isinstance(part, tuple):
            found.extend(item for item in part if isinstance(item, Node))
    return found


def outside(root: Node) -> Position | None:
    """Where a function in another language is defined; those are never run."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, External):
            return node.position
        waiting.extend(children(node))
    return None


def depth_of(root: Node) -> int:
    """How many nodes lie on the longest way down; needs no recursion."""
    deepest, waiting = 0, [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting.extend((child, depth + 1) for child in children(node))
    return deepest


def mentions(node: Node, name: str) -> bool:
    """Whether a name stands anywhere in a tree."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, Name) and current.name == name:
            return True
        waiting.extend(children(current))
    return False
