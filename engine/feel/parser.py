"""The parser's heart: a token stream, binding powers and names; the constructs are in `forms` and `tests`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal, DecimalException
from typing import cast

from engine.feel import syntax
from engine.feel.arithmetic import CONTEXT
from engine.feel.errors import FeelSyntaxError, Position
from engine.feel.lexer import Source, Token, string_value, tokenize
from engine.feel.limits import MAX_NESTING, MAX_TREE
from engine.feel.names import KEYWORDS, NameTable, join
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
    "'": "a text stands in double quotation marks",
    "=": "a comparison for equality has one '='",
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


class Parser:
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
        self.source = Source(text)
        self.tokens = tokenize(self.source)
        self.index = 0
        self.names = NameTable(names)
        self.members = NameTable(members)
        self.functions = NameTable(functions)
        self.types = types or {}
        self.type_names = NameTable(self.types)
        self.locals: list[str] = []
        self.filters = 0
        self.range_end = False
        self._depth = 0

    # the token stream

    @property
    def token(self) -> Token:
        """The token to be read next."""
        return self.tokens[self.index]

    @property
    def position(self) -> Position:
        """Where the next token stands."""
        return self.source.position(self.token.offset)

    def ahead(self, distance: int = 1) -> Token:
        """A later token; the last one for ever."""
        return self.tokens[min(self.index + distance, len(self.tokens) - 1)]

    def at(self, *words: str) -> bool:
        """Whether the next token is one of these words or signs."""
        return self.token.text in words and self.token.kind != "string"

    def advance(self) -> Token:
        """Read a token."""
        token = self.token
        self.index = min(self.index + 1, len(self.tokens) - 1)
        return token

    def accept(self, word: str) -> bool:
        """Read a word or sign if it is next."""
        if not self.at(word):
            return False
        self.advance()
        return True

    def expect(self, word: str) -> Token:
        """Read a word or sign that must be next."""
        if not self.at(word):
            raise self.error(f"expected {word!r} but found {self.found()}")
        return self.advance()

    def found(self) -> str:
        """The next token, for a message."""
        return "the end" if self.token.kind == "end" else repr(self.token.text[:40])

    def error(self, message: str) -> FeelSyntaxError:
        """An error at the next token."""
        return self.source.error(message, self.token.offset)

    # expressions

    def whole(self, parse: Prefix) -> syntax.Node:
        """Parse all of the text with `parse`; nothing may be left over, nor be too deep."""
        node = parse(self)
        if self.token.kind != "end":
            raise self.error(f"unexpected {self.found()}")
        if syntax.depth_of(node) > MAX_TREE:
            raise self.source.error("the expression is nested too deeply", 0)
        return node

    def expression(self, binding: int = 0) -> syntax.Node:
        """An expression whose operators bind tighter than `binding`."""
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise self.error("the expression is nested too deeply")
        node = self._operand()
        while self._follows(node, binding):
            node = INFIXES[self.token.text](self, node)
        self._depth -= 1
        return node

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
        if token.kind == "word" and (name := self._known_long_name()) is not None:
            return name
        parse = PREFIXES.get(token.text)
        if parse is not None:
            return parse(self)
        if token.kind == "word" and token.text not in KEYWORDS:
            return self.name()
        raise self.error(_HINTS.get(token.text) or f"expected a value but found {self.found()}")

    def number(self, token: Token) -> Decimal:
        """The number that a token spells, to 34 digits."""
        try:
            return CONTEXT.create_decimal(token.text)
        except DecimalException:
            raise self.source.error("this number is too large", token.offset) from None

    def temporal(self) -> syntax.Node:
        """`@"..."`."""
        position, sign = self.position, self.advance()
        if self.token.kind != "string":
            raise self.error("expected a date, time or duration in quotation marks after '@'")
        text = string_value(self.source, self.advance())
        value = parse_temporal(text)
        if value is None:
            raise self.source.error(f"{text[:40]!r} is no date, time or duration", sign.offset)
        return syntax.Literal(position, value)

    # names

    def _known_long_name(self) -> syntax.Node | None:
        found = self.names.match(self.tokens, self.index)
        if found is None or found[1] < 2:
            return None
        called = self._function_name()
        return None if called is not None and called[1] > found[1] else self.name()

    def _function_name(self) -> tuple[str, int] | None:
        for name, length in self.functions.matches(self.tokens, self.index):
            after = self.tokens[self.index + length]
            if after.text == "(" and after.kind == "symbol":
                return name, length
        return None

    def name(self) -> syntax.Name:
        """A variable's or function's name: the longest known one, else all words that stand together."""
        position = self.position
        known = self.names.match(self.tokens, self.index)
        called = self._function_name()
        part = self.members.match(self.tokens, self.index) if self.filters else None
        best = max((known, called, part), key=lambda found: found[1] if found else 0)
        if best is not None:
            following = self.tokens[self.index + best[1]]
            is_word = following.kind == "word" and following.text not in KEYWORDS
            if not is_word or not self.filters:
                self.index += best[1]
                return self._named(position, best[0])
        return self._named(position, self.joined_name())

    def _named(self, position: Position, name: str) -> syntax.Name:
        return syntax.Name(position, name, name in self.locals, self.filters > 0)

    def joined_name(self) -> str:
        """All words and numbers from here to the next sign or keyword, as one name."""
        words = [self.advance()]
        while self.token.kind in ("word", "number") and self.token.text not in KEYWORDS:
            words.append(self.advance())
        return join(words)

    def member(self) -> str:
        """The name after a dot."""
        if self.token.kind != "word":
            raise self.error(f"expected a name after '.' but found {self.found()}")
        tables = (self.members, self.names)
        found = [table.match(self.tokens, self.index) for table in tables]
        best = max(found, key=lambda match: match[1] if match else 0)
        if best is not None:
            following = self.tokens[self.index + best[1]]
            if following.kind != "word" or following.text in KEYWORDS:
                self.index += best[1]
                return best[0]
        return self.joined_name()

    def words_until(self, *ends: str) -> str:
        """A new name (of a parameter, key or iterator): every token up to one of these."""
        words: list[Token] = []
        while not self.at(*ends) and self.token.kind not in ("end", "string"):
            words.append(self.advance())
        if not words or words[0].kind != "word":
            raise self.error(f"expected a name but found {self.found()}" if not words else "this is no name")
        return join(words)

    @contextmanager
    def binding(self, names: list[str]) -> Iterator[list[str]]:
        """Names known inside a construct; the list may grow while it is open."""
        before, added = len(self.locals), []
        for name in names:
            added.append(name) if self.names.add(name) else None
            self.locals.append(name)
        yield added
        del self.locals[before:]
        for name in added:
            self.names.remove(name)

    def bind(self, name: str, added: list[str]) -> None:
        """Make one more name known inside an open `binding`."""
        if self.names.add(name):
            added.append(name)
        self.locals.append(name)

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
