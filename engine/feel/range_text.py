"""Ranges written as text, for the function `range`."""

from __future__ import annotations

from engine.feel import syntax
from engine.feel.builtins import BUILTINS
from engine.feel.compare import less
from engine.feel.errors import FeelSyntaxError
from engine.feel.forms import list_or_range, open_range, parenthesis
from engine.feel.functions import BadCall
from engine.feel.limits import DEFAULT_LIMITS
from engine.feel.parser import Parser
from engine.feel.scope import Run
from engine.feel.values import Range, Value

_OPENINGS = {"[": list_or_range, "]": open_range, "(": parenthesis}
_CONSTRUCTORS = frozenset(("date", "time", "date and time", "duration"))
_NOT_LITERAL = object()


def parse_range(text: str) -> Range | None:
    """The range, whose ends are literals, or dates, times or durations of a literal text; else None."""
    try:
        parser = Parser(text, functions=BUILTINS)
        opening = _OPENINGS.get(parser.token.text)
        if opening is None:
            return None
        node = parser.whole(opening)
    except FeelSyntaxError:
        return None
    if not isinstance(node, syntax.RangeLiteral):
        return None
    start, end = _literal(node.start), _literal(node.end)
    if less(end, start) is not False:  # also what is no literal, and null
        return None
    return Range(start, end, node.start_included, node.end_included)


def _literal(node: syntax.Node) -> Value:
    if isinstance(node, syntax.Literal):
        return node.value
    if (
        isinstance(node, syntax.Call)
        and isinstance(node.callee, syntax.Name)
        and node.callee.name in _CONSTRUCTORS
    ):
        arguments = [_literal(argument) for argument in node.arguments]
        if all(isinstance(argument, str) for argument in arguments):
            try:
                return BUILTINS[node.callee.name].call(Run(DEFAULT_LIMITS, None, {}), arguments)
            except BadCall:
                return _NOT_LITERAL
    return _NOT_LITERAL
