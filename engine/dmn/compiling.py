"""Boxed expressions as closures over FEEL's frames."""

from __future__ import annotations

from collections.abc import Callable

from engine.dmn import model
from engine.dmn.findings import Finding
from engine.dmn.item_types import Types, allowed_text
from engine.dmn.running import FiredRule, located, nothing
from engine.dmn.tables import CompiledRule, Input, Output, Table, ordered_values
from engine.feel import Expression, FeelSyntaxError, Position, compile_expression, unary_test
from engine.feel.access import select
from engine.feel.compiler import function_named
from engine.feel.control import Loop, collect, quantify
from engine.feel.functions import FeelFunction, FeelParameter, invoke
from engine.feel.scope import MISSING, Code, Frame, lookup
from engine.feel.syntax import outside
from engine.feel.types import Type, coerce
from engine.feel.values import Value, kind_name

Names = frozenset[str]


class Boxes:
    """Compiles the boxes of one model; faults are gathered in `findings`."""

    def __init__(
        self, definitions: model.Definitions, types: Types, *, home: model.Home, findings: list[Finding]
    ) -> None:
        self._definitions = definitions
        self._types = types
        self._findings = findings
        self._visible = types.visible(home)
        self.used: set[str] = set()

    def box(self, box: model.Boxed | None, names: Names) -> Code:
        """The closure of any box; nothing at all is null."""
        if box is None:
            return nothing
        code = self._compile(box, names)
        return typed(code, self._types.find(box.type_ref, box.place), box.place)

    def _compile(self, box: model.Boxed, names: Names) -> Code:
        match box:
            case model.LiteralBox():
                return self.text(box.text, names)
            case model.TableBox():
                return located(self._table(box, names).evaluate, box.place)
            case model.ContextBox():
                return self._context(box, names)
            case model.InvocationBox():
                return self._invocation(box, names)
            case model.FunctionBox():
                return self._function(box, names)
            case model.ListBox():
                items = tuple(self.box(item, names) for item in box.items)
                return lambda frame: [item(frame) for item in items]
            case model.RelationBox():
                return self._relation(box, names)
            case model.ConditionalBox():
                return self._conditional(box, names)
            case model.FilterBox():
                source, condition = self.box(box.source, names), self.box(box.condition, names | {"item"})
                return located(select(source, condition, (1, 1)), box.place)
            case model.IteratorBox():
                return self._iterator(box, names)
        return nothing

    def text(self, text: model.Text, names: Names) -> Code:
        """The closure of a FEEL text; an empty one is null."""
        if not text.text:
            return nothing
        return self._checked(text, lambda: self._expression(text, names))

    def test(self, text: model.Text, names: Names) -> Code | None:
        """The closure of unary tests on `?`; None when they hold for everything."""
        if text.text in ("", "-"):
            return None
        return self._checked(text, lambda: self._unary(text, names))

    def _expression(self, text: model.Text, names: Names) -> Code:
        types, members = self._visible, self._types.members
        return self._used(text, compile_expression(text.text, names=names, members=members, types=types))

    def _unary(self, text: model.Text, names: Names) -> Code:
        types, members = self._visible, self._types.members
        return self._used(text, unary_test(text.text, names=names, members=members, types=types).expression)

    def _used(self, text: model.Text, expression: Expression) -> Code:
        self.used |= expression.free_names
        at = outside(expression.tree)
        if at is not None:
            self._note(text, at, "不运行外部函数")
        return expression.code

    def _checked(self, text: model.Text, make: Callable[[], Code]) -> Code:
        try:
            return located(make(), text.place)
        except FeelSyntaxError as error:
            self._note(text, error.position, error.message)
            return nothing

    def _note(self, text: model.Text, at: Position, what: str) -> None:
        place, (line, column) = text.place, at
        message = f"{what}（“{text.text[:60]}”第{line}行第{column}列）"
        found = Finding(place.file, place.line + line - 1, place.element, message, "改正 FEEL 表达式")
        self._findings.append(found)

    def _context(self, box: model.ContextBox, names: Names) -> Code:
        entries: list[tuple[str | None, Code]] = []
        for variable, value in box.entries:
            if variable is None:
                entries.append((None, self.box(value, names)))
                continue
            kind = self._types.find(variable.type_ref, box.place)
            known = names | {variable.name} if isinstance(value, model.FunctionBox) else names
            entries.append((variable.name, typed(self.box(value, known), kind, box.place)))
            names = names | {variable.name}

        def evaluate(frame: Frame) -> Value:
            made: dict[str, Value] = {}
            inner = Frame(made, frame, frame.run)
            for name, code in entries:
                if name is None:
                    return code(inner)
                made[name] = code(inner)
            return made

        return evaluate

    def _invocation(self, box: model.InvocationBox, names: Names) -> Code:
        function = self._callee(box.function, names)
        parameters = tuple(variable.name for variable, _ in box.bindings)
        arguments = tuple(self.box(value, names) for _, value in box.bindings)

        def evaluate(frame: Frame) -> Value:
            called = function(frame)
            return invoke(frame.run, called, [argument(frame) for argument in arguments], parameters, (1, 1))

        return located(evaluate, box.place)

    def _callee(self, box: model.Boxed | None, names: Names) -> Code:
        # The text of an invocation is the function's name, which need not be parsed as an expression.
        if isinstance(box, model.LiteralBox):
            wanted = " ".join(box.text.text.split())

            def find(frame: Frame) -> Value:
                value = lookup(frame, wanted)
                return function_named(frame.run, wanted, (1, 1)) if value is MISSING else value

            return find if wanted in names or "." not in wanted else self.box(box, names)
        return self.box(box, names)

    def _function(self, box: model.FunctionBox, names: Names) -> Code:
        parameters, body = self.function(box, names)
        return lambda frame: FeelFunction(parameters, body, frame)

    def function(self, box: model.FunctionBox, names: Names) -> tuple[tuple[FeelParameter, ...], Code]:
        """A function's parameters and the closure of its body."""
        parameters = tuple(
            FeelParameter(part.name, self._types.find(part.type_ref, box.place)) for part in box.parameters
        )
        if box.kind != "FEEL":
            return parameters, self._outside(box)
        return parameters, self.box(box.body, names | {part.name for part in box.parameters})

    def _outside(self, box: model.FunctionBox) -> Code:
        """A function in Java or PMML: a fault of the model, and null where faults are let pass."""
        message = f"不能运行“{box.kind[:40]}”类函数"
        place = box.place
        self._findings.append(Finding(place.file, place.line, place.element, message, "改用 FEEL"))

        def refuse(frame: Frame) -> Value:
            frame.run.warn("external", message, (1, 1))
            return None

        return located(refuse, place)

    def _relation(self, box: model.RelationBox, names: Names) -> Code:
        columns = tuple(column.name for column in box.columns)
        rows = tuple(tuple(self.box(cell, names) for cell in row) for row in box.rows)
        return lambda frame: [
            {name: cell(frame) for name, cell in zip(columns, row, strict=False)} for row in rows
        ]

    def _conditional(self, box: model.ConditionalBox, names: Names) -> Code:
        condition, chosen, otherwise = (
            self.box(part, names) for part in (box.condition, box.chosen, box.otherwise)
        )
        return lambda frame: chosen(frame) if condition(frame) is True else otherwise(frame)

    def _iterator(self, box: model.IteratorBox, names: Names) -> Code:
        loop = Loop(box.variable, self.box(box.source, names), None, (1, 1))
        body = self.box(box.body, names | {box.variable, "partial"})
        if box.kind == "for":
            return located(collect((loop,), body, partial=True), box.place)
        return located(quantify((loop,), body, decisive=box.kind == "some"), box.place)

    def _table(self, box: model.TableBox, names: Names) -> Table:
        inputs = tuple(
            Input(
                column.label,
                self.text(column.expression, names),
                self._types.find(column.type_ref, column.expression.place),
                self.test(column.allowed, names | {"?"}) if column.allowed is not None else None,
            )
            for column in box.inputs
        )
        outputs = tuple(self._output(column, box, names) for column in box.outputs)
        rules = tuple(
            CompiledRule(
                FiredRule(number, rule.id),
                tuple(self.test(test, names) for test in rule.tests),
                tuple(self.text(result, names) for result in rule.results),
            )
            for number, rule in enumerate(box.rules, 1)
        )
        return Table(box, inputs, outputs, rules)

    def _output(self, column: model.OutputColumn, box: model.TableBox, names: Names) -> Output:
        of_type = allowed_text(column.type_ref or box.type_ref, self._definitions.types)
        place = column.allowed.place if column.allowed is not None else box.place
        order: Code = nothing
        if box.hit_policy in ("PRIORITY", "OUTPUT ORDER"):
            text = ordered_values(column, of_type.text if of_type is not None else "")
            order = self.text(model.Text(text, place), names)
        default = self.text(column.default, names) if column.default is not None else None
        return Output(column.name, self._types.find(column.type_ref, box.place), order, default)


def typed(code: Code, type: Type | None, place: model.Place) -> Code:
    """The same closure; what it gives is of the type, or null with a warning."""
    if type is None:
        return code

    def evaluate(frame: Frame) -> Value:
        raw = code(frame)
        value, fits = coerce(raw, type, frame.run)
        if not fits:
            frame.run.warn("wrong_type", f"结果的类型不符：{kind_name(raw)}", (1, 1))
        return value

    return located(evaluate, place)
