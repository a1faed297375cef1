"""How tests are parsed: `in`, comparisons without a left side, and the unary tests of a table's cell."""

from __future__ import annotations

from engine.feel import syntax
from engine.feel.forms import COMPARATORS, comparison_test, range_after
from engine.feel.parser import COMPARE, Parser, infix


@infix("in")
def membership(parser: Parser, left: syntax.Node) -> syntax.Node:
    """`a in b`, `a in (tests)`, `a in > b`."""
    position = parser.position
    parser.advance()
    if parser.at(*COMPARATORS):
        return syntax.In(position, left, (comparison_test(parser),))
    if not parser.at("("):
        return syntax.In(position, left, (parser.expression(COMPARE),))
    opening = parser.position
    parser.advance()
    with parser.bracket():
        tests = [_test(parser)]
        while parser.accept(","):
            tests.append(_test(parser))
    if len(tests) == 1 and parser.at(".."):
        return syntax.In(position, left, (range_after(parser, opening, tests[0], False),))
    parser.expect(")")
    if len(tests) == 1 and not isinstance(tests[0], syntax.CompareTest | syntax.AnyTest):
        # What looked like a test in brackets may be the beginning of a longer expression.
        return syntax.In(position, left, (parser.continued(tests[0], COMPARE),))
    return syntax.In(position, left, tuple(tests))


def _test(parser: Parser) -> syntax.Node:
    if parser.at(*COMPARATORS):
        return comparison_test(parser)
    if parser.at("-") and parser.ahead().text in (",", ")", ""):
        return syntax.AnyTest(parser.source.position(parser.advance().offset))
    return parser.expression()


def unary_tests(parser: Parser) -> syntax.Node:
    """The whole text as unary tests on `?`: `-`, `not(...)`, or tests with commas between them."""
    position = parser.position
    question = syntax.Name(position, "?", True)
    with parser.binding(["?"]):
        if parser.at("not") and parser.ahead().text == "(":
            start = parser.index
            parser.index += 2
            tests = [_test(parser)]
            while parser.accept(","):
                tests.append(_test(parser))
            if parser.accept(")") and parser.token.kind == "end":
                return syntax.In(position, question, (syntax.NotTest(position, tuple(tests)),))
            parser.index = start
        tests = [_test(parser)]
        while parser.accept(","):
            tests.append(_test(parser))
    return syntax.In(position, question, tuple(tests))
