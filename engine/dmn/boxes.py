"""Boxed expressions from XML."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, cast

from lxml import etree

from engine.dmn.markup import Reading, children, first, local, name_of
from engine.dmn.model import (
    Aggregation,
    Boxed,
    ConditionalBox,
    ContextBox,
    FilterBox,
    FunctionBox,
    HitPolicy,
    InputColumn,
    InvocationBox,
    IteratorBox,
    ListBox,
    LiteralBox,
    OutputColumn,
    RelationBox,
    Rule,
    TableBox,
    Text,
    Variable,
)

_HIT_POLICIES = ("UNIQUE", "FIRST", "ANY", "PRIORITY", "RULE ORDER", "OUTPUT ORDER", "COLLECT")
_AGGREGATIONS = {"SUM": "SUM", "MIN": "MIN", "MAX": "MAX", "COUNT": "COUNT", "": ""}
Read = Callable[[etree._Element, Reading], Boxed]


def read_box(element: etree._Element, reading: Reading) -> Boxed | None:
    """The first boxed expression directly inside an element."""
    for child in children(element, reading):
        read = _BOXES.get(local(child))
        if read is not None:
            return read(child, reading)
    return None


def _inner(element: etree._Element, tag: str, reading: Reading) -> Boxed | None:
    child = first(element, tag, reading)
    return read_box(child, reading) if child is not None else None


def read_text(element: etree._Element, reading: Reading) -> Text:
    """The `<text>` of an element; a language other than FEEL is a fault."""
    language = element.get("expressionLanguage", "")
    if language and "feel" not in language.lower():
        reading.find(element, f"不能运行“{language}”表达式", "改用 FEEL")
    text = first(element, "text", reading)
    content = "".join(str(part) for part in text.itertext()) if text is not None else ""
    place = reading.place(element)
    return Text(content.strip(), place)


def _literal(element: etree._Element, reading: Reading) -> Boxed:
    return LiteralBox(reading.place(element), reading.type_ref(element), read_text(element, reading))


def _context(element: etree._Element, reading: Reading) -> Boxed:
    entries: list[tuple[Variable | None, Boxed | None]] = []
    for entry in children(element, reading):
        if local(entry) == "contextEntry":
            variable = first(entry, "variable", reading)
            named = None if variable is None else Variable(name_of(variable), reading.type_ref(variable))
            entries.append((named, read_box(entry, reading)))
    return ContextBox(reading.place(element), reading.type_ref(element), tuple(entries))


def _invocation(element: etree._Element, reading: Reading) -> Boxed:
    bindings: list[tuple[Variable, Boxed | None]] = []
    for binding in children(element, reading):
        parameter = first(binding, "parameter", reading)
        if local(binding) == "binding" and parameter is not None:
            bindings.append(
                (Variable(name_of(parameter), reading.type_ref(parameter)), read_box(binding, reading))
            )
    function = read_box(element, reading)
    return InvocationBox(reading.place(element), reading.type_ref(element), function, tuple(bindings))


def read_function(element: etree._Element, reading: Reading) -> FunctionBox:
    """A function's parameters and body."""
    parameters = tuple(
        Variable(name_of(part), reading.type_ref(part))
        for part in children(element, reading)
        if local(part) == "formalParameter"
    )
    kind = element.get("kind") or "FEEL"
    body = read_box(element, reading) if kind == "FEEL" else None
    return FunctionBox(reading.place(element), reading.type_ref(element), parameters, body, kind)


def _list(element: etree._Element, reading: Reading) -> Boxed:
    items = tuple(
        _BOXES[local(child)](child, reading) for child in children(element, reading) if local(child) in _BOXES
    )
    return ListBox(reading.place(element), reading.type_ref(element), items)


def _relation(element: etree._Element, reading: Reading) -> Boxed:
    columns: list[Variable] = []
    rows: list[tuple[Boxed | None, ...]] = []
    for child in children(element, reading):
        if local(child) == "column":
            columns.append(Variable(name_of(child), reading.type_ref(child)))
        elif local(child) == "row":
            cells = [part for part in children(child, reading) if local(part) in _BOXES]
            rows.append(tuple(_BOXES[local(cell)](cell, reading) for cell in cells))
    return RelationBox(reading.place(element), reading.type_ref(element), tuple(columns), tuple(rows))


def _conditional(element: etree._Element, reading: Reading) -> Boxed:
    parts = (_inner(element, tag, reading) for tag in ("if", "then", "else"))
    return ConditionalBox(reading.place(element), reading.type_ref(element), *parts)


def _filter(element: etree._Element, reading: Reading) -> Boxed:
    source, condition = (_inner(element, tag, reading) for tag in ("in", "match"))
    return FilterBox(reading.place(element), reading.type_ref(element), source, condition)


def _iterator(element: etree._Element, reading: Reading) -> Boxed:
    kind = local(element)
    body = _inner(element, "return" if kind == "for" else "satisfies", reading)
    return IteratorBox(
        reading.place(element),
        reading.type_ref(element),
        cast(Literal["for", "some", "every"], kind),
        element.get("iteratorVariable", ""),
        _inner(element, "in", reading),
        body,
    )


def _table(element: etree._Element, reading: Reading) -> Boxed:
    policy = element.get("hitPolicy", "UNIQUE")
    if policy not in _HIT_POLICIES:
        reading.find(element, f"没有命中策略“{policy}”", f"可用：{'、'.join(_HIT_POLICIES)}")
    aggregation = element.get("aggregation", "")
    if aggregation not in _AGGREGATIONS:
        reading.find(element, f"没有汇总方式“{aggregation}”", "可用：SUM、MIN、MAX、COUNT")
    parts = list(children(element, reading))
    inputs = tuple(_input(part, reading) for part in parts if local(part) == "input")
    outputs = tuple(_output(part, reading) for part in parts if local(part) == "output")
    if not outputs:
        reading.find(element, "决策表没有输出列", "添加一列")
    if len(outputs) > 1 and len({output.name for output in outputs} - {""}) < len(outputs):
        reading.find(element, "有多个输出列时各列要有不同的名称", "给每一列命名")
    rules = tuple(_rule(part, reading, len(inputs), len(outputs)) for part in parts if local(part) == "rule")
    return TableBox(
        reading.place(element),
        reading.type_ref(element),
        cast(HitPolicy, policy),
        cast(Aggregation, aggregation),
        inputs,
        outputs,
        rules,
    )


def _input(element: etree._Element, reading: Reading) -> InputColumn:
    expression = first(element, "inputExpression", reading)
    allowed = first(element, "inputValues", reading)
    text = read_text(expression if expression is not None else element, reading)
    if not text.text:
        reading.find(element, "输入列没有表达式", "写明比较什么")
    return InputColumn(
        expression=text,
        type_ref=reading.type_ref(expression) if expression is not None else "",
        allowed=read_text(allowed, reading) if allowed is not None else None,
        label=element.get("label") or text.text,
    )


def _output(element: etree._Element, reading: Reading) -> OutputColumn:
    allowed, default = first(element, "outputValues", reading), first(element, "defaultOutputEntry", reading)
    return OutputColumn(
        name=name_of(element),
        type_ref=reading.type_ref(element),
        allowed=read_text(allowed, reading) if allowed is not None else None,
        default=read_text(default, reading) if default is not None else None,
    )


def _rule(element: etree._Element, reading: Reading, inputs: int, outputs: int) -> Rule:
    tests = tuple(
        read_text(part, reading) for part in children(element, reading) if local(part) == "inputEntry"
    )
    results = tuple(
        read_text(part, reading) for part in children(element, reading) if local(part) == "outputEntry"
    )
    if len(tests) != inputs or len(results) != outputs:
        have, want = f"{len(tests)}个条件、{len(results)}个结果", f"{inputs}个与{outputs}个"
        message = f"这条规则有{have}，应当是{want}"
        reading.find(element, message, "每列填一格")
    return Rule(element.get("id", ""), tests, results, reading.place(element))


_BOXES: dict[str, Read] = {
    "literalExpression": _literal,
    "context": _context,
    "invocation": _invocation,
    "functionDefinition": read_function,
    "list": _list,
    "relation": _relation,
    "conditional": _conditional,
    "filter": _filter,
    "for": _iterator,
    "some": _iterator,
    "every": _iterator,
    "decisionTable": _table,
}
