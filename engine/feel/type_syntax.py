"""Types as they are written in expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.feel.types import ANY, BASIC, ContextOf, FunctionOf, ListOf, RangeOf, Type, Unknown, named_type

if TYPE_CHECKING:
    from engine.feel.parser import Parser

_MAX_DEPTH = 20
_LONG = [tuple(name.split()) for name in BASIC if " " in name]


def parse_type(parser: Parser, depth: int = 0) -> Type:
    """A type name, or `list<>`, `range<>`, `context<>`, `function<>`. Raises FeelSyntaxError."""
    if parser.token.kind != "word":
        raise parser.error(f"这里应当是类型，却是{parser.found()}")
    if depth > _MAX_DEPTH:
        raise parser.error("类型嵌套过深")
    if parser.ahead().text == "<":
        return _composed(parser, depth + 1)
    found = parser.type_names.match(parser.tokens, parser.index)
    if found is not None:
        parser.index += found[1]
        return parser.types[found[0]]
    for words in _LONG:
        if all(parser.ahead(place).text == word for place, word in enumerate(words)):
            parser.index += len(words)
            return named_type(" ".join(words)) or ANY
    word = parser.advance().text
    return named_type(word) or Unknown(word)


def _composed(parser: Parser, depth: int) -> Type:
    kind = parser.advance().text
    parser.expect("<")
    made: Type
    if kind == "list":
        made = ListOf(parse_type(parser, depth))
    elif kind == "range":
        made = RangeOf(parse_type(parser, depth))
    elif kind == "context":
        made = ContextOf(_fields(parser, depth))
    elif kind == "function":
        return _function(parser, depth)
    else:
        raise parser.error(f"“{kind}”后面不能有尖括号")
    parser.expect(">")
    return made


def _fields(parser: Parser, depth: int) -> tuple[tuple[str, Type], ...]:
    fields: list[tuple[str, Type]] = []
    while not parser.at(">"):
        name = parser.words_until(":", ">")
        parser.expect(":")
        fields.append((name, parse_type(parser, depth)))
        if not parser.accept(","):
            break
    return tuple(fields)


def _function(parser: Parser, depth: int) -> Type:
    parameters: list[Type] = []
    while not parser.at(">"):
        parameters.append(parse_type(parser, depth))
        if not parser.accept(","):
            break
    parser.expect(">")
    parser.expect("->")
    return FunctionOf(tuple(parameters), parse_type(parser, depth))
