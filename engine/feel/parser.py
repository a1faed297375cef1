"""The parser's heart: operands and binding powers; the constructs are in `forms` and `membership_forms`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal, DecimalException
from typing import cast

from engine.feel import syntax
from engine.feel.arithmetic import CONTEXT
from engine.feel.lexer import Token, string_value
from engine.feel.limits import MAX_NESTING, MAX_TREE
from engine.feel.names import KEYWORDS, NameTable
from engine.feel.naming import NameReader
from engine.feel.temporal_text import parse_temporal
from engine.feel.types import Type

OR, AND, COMPARE, ADD, MULTIPLY, POWER, NEGATE, INSTANCE, POSTFIX = range(1, 10)
_INFIX = {
    "or": OR,
    "and": AND,
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">=", "in", "between"), COMPARE),
    **dict.fromkeys("+-", ADD),
    **dict.fromkeys("*/", MULTIPLY),
    "**": POWER,
    "instance": INSTANCE,
    **dict.fromkeys("[.(", POSTFIX),
}
_CLOSERS = frozenset((")", ",", "]", "}", "and", "or", "then", "else", "return", "satisfies", ""))
_CALLABLE = (syntax.Name, syntax.Path, syntax.Call, syntax.Filter, syntax.FunctionLiteral)

_HINTS = {
    "'": "文本要用双引号",
    "=": "判断相等只用一个“=”",
}

Prefix = Callable[["Parser"], syntax.Node]
Infix = Callable[["Parser", syntax.Node], syntax.Node]
PREFIXES: dict[str, Prefix] = {}
INFIXES: dict[str, Infix] = {}


def prefix(*words: str) -> Callable[[Prefix], Prefix]:
    """Register what a construct that begins with one of these words parses to."""

    def register(parse: Prefix) -> Prefix:
        PREFIXES.update(dict.fromkeys(words, parse))
        return parse

    return register


def infix(*words: str) -> Callable[[Infix], Infix]:
    """Register what follows an operand with one of these words."""

    def register(parse: Infix) -> Infix:
        INFIXES.update(dict.fromkeys(words, parse))
        return parse

    return register


class Parser(NameReader):
    """Reads one expression. Every method that reads raises FeelSyntaxError."""

    def __init__(
        self,
        text: str,
        *,
        names: Collection[str] = (),
        members: Collection[str] = (),
        functions: Collection[str] = (),
        types: Mapping[str, Type] | None = None,
    ) -> None:
        super().__init__(text, names=names, members=members, functions=functions)
        self.types = types or {}
        self.type_names = NameTable(self.types)
        self.range_end = False
        self._depth = 0

    def whole(self, parse: Prefix) -> syntax.Node:
        """Parse all of the text with `parse`; nothing may be left over, nor be too deep."""
        node = parse(self)
        if self.token.kind != "end":
            raise self.error(f"这里不应当有{self.found()}")
        if syntax.depth_of(node) > MAX_TREE:
            raise self.source.error("表达式嵌套过深", 0)
        return node

    def expression(self, binding: int = 0) -> syntax.Node:
        """An expression whose operators bind tighter than `binding`."""
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise self.error("表达式嵌套过深")
        node = self.continued(self._operand(), binding)
        self._depth -= 1
        return node

    def continued(self, node: syntax.Node, binding: int) -> syntax.Node:
        """An expression whose first operand has been read."""
        for _ in range(MAX_TREE):
            if not self._follows(node, binding):
                return node
            node = INFIXES[self.token.text](self, node)
        raise self.error("表达式嵌套过深")

    def _follows(self, left: syntax.Node, binding: int) -> bool:
        token = self.token
        if token.kind not in ("symbol", "word") or _INFIX.get(token.text, 0) <= binding:
            return False
        if token.text == "[":
            return not (self.range_end and self.ahead().text in _CLOSERS)
        if token.text == "(":
            return isinstance(left, _CALLABLE)
        return True

    def _operand(self) -> syntax.Node:
        token, position = self.token, self.position
        if token.kind == "number":
            self.advance()
            return syntax.Literal(position, self.number(token))
        if token.kind == "string":
            self.advance()
            return syntax.Literal(position, string_value(self.source, token))
        if token.kind == "word" and (name := self.known_long_name()) is not None:
            return name
        parse = PREFIXES.get(token.text)
        if parse is not None:
            return parse(self)
        if token.kind == "word" and token.text not in KEYWORDS:
            return self.name()
        raise self.error(_HINTS.get(token.text) or f"这里应当是一个值，却是{self.found()}")

    def number(self, token: Token) -> Decimal:
        """The number that a token spells, to 34 digits."""
        try:
            return CONTEXT.create_decimal(token.text)
        except DecimalException:
            raise self.source.error("这个数过大", token.offset) from None

    def temporal(self) -> syntax.Node:
        """`@"..."`."""
        position, sign = self.position, self.advance()
        if self.token.kind != "string":
            raise self.error("“@”后面应当是引号里的日期、时间或时长")
        text = string_value(self.source, self.advance())
        value = parse_temporal(text)
        if value is None:
            raise self.source.error(f"“{text[:40]}”不是日期、时间或时长", sign.offset)
        return syntax.Literal(position, value)

    @contextmanager
    def bracket(self, *, range_end: bool = False, filters: int | None = None) -> Iterator[None]:
        """Inside brackets, `[` means a filter again; after `..` it may close the range."""
        saved, self.range_end = (self.range_end, self.filters), range_end
        if filters is not None:
            self.filters = filters
        yield
        self.range_end, self.filters = saved


def arithmetic(op: str, binding: int) -> Infix:
    """The infix parser of a left-associative arithmetic sign."""

    def parse(parser: Parser, left: syntax.Node) -> syntax.Node:
        position = parser.position
        parser.advance()
        return syntax.Arithmetic(position, cast(syntax.ArithmeticOp, op), left, parser.expression(binding))

    return parse


for _op, _binding in (("+", ADD), ("-", ADD), ("*", MULTIPLY), ("/", MULTIPLY), ("**", POWER)):
    INFIXES[_op] = arithmetic(_op, _binding)
PREFIXES["@"] = Parser.temporal
