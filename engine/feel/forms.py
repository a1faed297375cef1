"""How each construct of the language is parsed; registers itself with the parser."""

from __future__ import annotations

from typing import Literal as OneOf
from typing import cast

from engine.feel import syntax
from engine.feel.naming import Binding
from engine.feel.parser import AND, COMPARE, NEGATE, OR, POSTFIX, Parser, infix, prefix
from engine.feel.type_syntax import parse_type

COMPARATORS = ("<", "<=", ">", ">=", "=", "!=")


@prefix("true", "false", "null")
def constant(parser: Parser) -> syntax.Node:
    """`true`, `false`, `null`."""
    position = parser.position
    value = {"true": True, "false": False, "null": None}[parser.advance().text]
    return syntax.Literal(position, value)


@prefix("-")
def negation(parser: Parser) -> syntax.Node:
    """`-operand`; before a number it belongs to the number."""
    position = parser.position
    parser.advance()
    if parser.token.kind == "number":
        return syntax.Literal(position, -parser.number(parser.advance()))
    return syntax.Negate(position, parser.expression(NEGATE))


@prefix("if")
def conditional(parser: Parser) -> syntax.Node:
    """`if a then b else c`."""
    position = parser.position
    parser.advance()
    condition = parser.expression()
    parser.expect("then")
    chosen = parser.expression()
    parser.expect("else")
    return syntax.If(position, condition, chosen, parser.expression())


@prefix("for")
def iteration(parser: Parser) -> syntax.Node:
    """`for a in b, c in d return e`; `partial` is what has been returned so far."""
    position = parser.position
    parser.advance()
    with parser.binding([]) as added:
        iterators = _iterators(parser, added)
        parser.expect("return")
        parser.bind("partial", added)
        return syntax.For(position, iterators, parser.expression())


@prefix("some", "every")
def quantified(parser: Parser) -> syntax.Node:
    """`some a in b satisfies c`."""
    position = parser.position
    kind = cast("OneOf['some', 'every']", parser.advance().text)
    with parser.binding([]) as added:
        iterators = _iterators(parser, added)
        parser.expect("satisfies")
        return syntax.Quantified(position, kind, iterators, parser.expression())


def _iterators(parser: Parser, added: Binding) -> tuple[syntax.Iterator, ...]:
    found: list[syntax.Iterator] = []
    while not found or parser.accept(","):
        position = parser.position
        name = parser.words_until("in")
        parser.expect("in")
        source = parser.expression()
        end = parser.expression() if parser.accept("..") else None
        parser.bind(name, added)
        found.append(syntax.Iterator(position, name, source, end))
    return tuple(found)


@prefix("function")
def function_literal(parser: Parser) -> syntax.Node:
    """`function(a: number, b) body`."""
    position = parser.position
    parser.advance()
    parser.expect("(")
    parameters: list[syntax.Parameter] = []
    while not parser.at(")"):
        at = parser.position
        name = parser.words_until(":", ",", ")")
        kind = parse_type(parser) if parser.accept(":") else None
        parameters.append(syntax.Parameter(at, name, kind))
        if not parser.accept(","):
            break
    parser.expect(")")
    names = [parameter.name for parameter in parameters]
    if parser.at("external") and parser.ahead().text == "{":
        outside = syntax.External(parser.position)
        parser.advance()
        parser.expression(POSTFIX)  # what it says is not looked at
        return syntax.FunctionLiteral(position, tuple(parameters), outside)
    with parser.binding(names):
        return syntax.FunctionLiteral(position, tuple(parameters), parser.expression())


@prefix("(")
def parenthesis(parser: Parser) -> syntax.Node:
    """`(a)`, `(a..b]`, or a one-sided range `(> a)`."""
    position = parser.position
    parser.advance()
    with parser.bracket():
        node = parser.expression() if not parser.at(*COMPARATORS) else comparison_test(parser)
    if parser.at("..") and not isinstance(node, syntax.CompareTest):
        return range_after(parser, position, node, False)
    parser.expect(")")
    return node


def comparison_test(parser: Parser) -> syntax.Node:
    """`> a` without a left side."""
    position = parser.position
    op = cast(syntax.CompareOp, parser.advance().text)
    return syntax.CompareTest(position, op, parser.expression(COMPARE))


def range_after(parser: Parser, position: tuple[int, int], start: syntax.Node, included: bool) -> syntax.Node:
    parser.expect("..")
    with parser.bracket(range_end=True):
        end = parser.expression(COMPARE)
    if not parser.at(")", "]", "["):
        raise parser.error(f"区间没有结束，这里是{parser.found()}")
    return syntax.RangeLiteral(position, start, end, included, parser.advance().text == "]")


@prefix("]")
def open_range(parser: Parser) -> syntax.Node:
    """`]a..b]`."""
    position = parser.position
    parser.advance()
    with parser.bracket():
        start = parser.expression(COMPARE)
    return range_after(parser, position, start, False)


@prefix("[")
def list_or_range(parser: Parser) -> syntax.Node:
    """`[a, b]` or `[a..b]`."""
    position = parser.position
    parser.advance()
    items: list[syntax.Node] = []
    with parser.bracket():
        while not parser.at("]"):
            items.append(comparison_test(parser) if parser.at(*COMPARATORS) else parser.expression())
            if len(items) == 1 and parser.at(".."):
                break
            if not parser.accept(","):
                break
    if parser.at("..") and len(items) == 1:
        return range_after(parser, position, items[0], True)
    parser.expect("]")
    return syntax.ListLiteral(position, tuple(items))


@prefix("{")
def context(parser: Parser) -> syntax.Node:
    """`{key: value, "other key": value}`."""
    position = parser.position
    parser.advance()
    entries: list[syntax.ContextEntry] = []
    keys: set[str] = set()
    with parser.bracket(), parser.binding([]) as added:
        while not parser.at("}"):
            entries.append(_entry(parser, keys))
            parser.bind(entries[-1].key, added)
            parser.members.add(entries[-1].key)
            if not parser.accept(","):
                break
    parser.expect("}")
    return syntax.ContextLiteral(position, tuple(entries))


def _entry(parser: Parser, keys: set[str]) -> syntax.ContextEntry:
    position = parser.position
    if parser.token.kind == "string":
        literal = parser.expression(99)
        key = str(literal.value) if isinstance(literal, syntax.Literal) else ""
    else:
        key = parser.words_until(":", ",", "}")
    if key in keys:
        raise parser.error(f"上下文里键“{key}”重复")
    keys.add(key)
    parser.expect(":")
    return syntax.ContextEntry(position, key, parser.expression())


@infix("and", "or")
def logic(parser: Parser, left: syntax.Node) -> syntax.Node:
    """`a and b and c` becomes one node, so that long conditions stay flat."""
    position = parser.position
    op = cast("OneOf['and', 'or']", parser.token.text)
    operands = [left]
    while parser.accept(op):
        operands.append(parser.expression(AND if op == "and" else OR))
    return syntax.Logic(position, op, tuple(operands))


@infix(*COMPARATORS)
def comparison(parser: Parser, left: syntax.Node) -> syntax.Node:
    """`a < b`."""
    position = parser.position
    op = cast(syntax.CompareOp, parser.advance().text)
    return syntax.Compare(position, op, left, parser.expression(COMPARE))


@infix("between")
def between(parser: Parser, left: syntax.Node) -> syntax.Node:
    """`a between b and c`."""
    position = parser.position
    parser.advance()
    low = parser.expression(COMPARE)
    parser.expect("and")
    return syntax.Between(position, left, low, parser.expression(COMPARE))


@infix("instance")
def instance_of(parser: Parser, left: syntax.Node) -> syntax.Node:
    """`a instance of type`."""
    position = parser.position
    parser.advance()
    parser.expect("of")
    return syntax.InstanceOf(position, left, parse_type(parser))


@infix(".")
def path(parser: Parser, left: syntax.Node) -> syntax.Node:
    """`a.b`."""
    position = parser.position
    parser.advance()
    return syntax.Path(position, left, parser.member())


@infix("[")
def selection(parser: Parser, left: syntax.Node) -> syntax.Node:
    """`list[condition or index]`; inside, `item` and the item's own entries are names."""
    position = parser.position
    parser.advance()
    with parser.bracket(filters=parser.filters + 1), parser.binding(["item"]):
        condition = parser.expression()
    parser.expect("]")
    return syntax.Filter(position, left, condition)


@infix("(")
def call(parser: Parser, left: syntax.Node) -> syntax.Node:
    """`f(a, b)` or `f(name: a)`."""
    position = left.position
    parser.advance()
    names: list[str] = []
    arguments: list[syntax.Node] = []
    with parser.bracket():
        named = _is_named(parser)
        while not parser.at(")"):
            if named:
                names.append(_new_name(parser, names))
                parser.expect(":")
            arguments.append(comparison_test(parser) if parser.at(*COMPARATORS) else parser.expression())
            if not parser.accept(","):
                break
    parser.expect(")")
    return syntax.Call(position, left, tuple(arguments), tuple(names) if named else None)


def _new_name(parser: Parser, names: list[str]) -> str:
    name = parser.words_until(":", ",", ")")
    if name in names:
        raise parser.error(f"参数“{name}”给了两次")
    return name


def _is_named(parser: Parser) -> bool:
    distance = 0
    while parser.ahead(distance).kind in ("word", "number"):
        distance += 1
    return distance > 0 and parser.ahead(distance).text == ":"
