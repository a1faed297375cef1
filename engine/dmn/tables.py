"""Decision tables as closures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.dmn.model import OutputColumn, TableBox
from engine.dmn.policies import MANY, Conflict, Row, aggregate, rows_of
from engine.dmn.running import DecisionRun, FiredRule, nothing
from engine.feel.compare import equal
from engine.feel.scope import Code, Frame
from engine.feel.types import Type, coerce
from engine.feel.values import Value, kind_name


@dataclass(frozen=True, slots=True)
class Input:
    """A compiled input column; `allowed` is a test on `?`."""

    label: str
    value: Code
    type: Type | None
    allowed: Code | None


@dataclass(frozen=True, slots=True)
class Output:
    """A compiled output column; `order` gives its values from the most to the least important."""

    name: str
    type: Type | None
    order: Code
    default: Code | None


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A compiled row; a test that is None always holds."""

    fired: FiredRule
    tests: tuple[Code | None, ...]
    results: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A compiled table."""

    box: TableBox
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[CompiledRule, ...]

    def evaluate(self, frame: Frame) -> Value:
        """The table's answer in a frame; null with a warning when the hit policy is broken."""
        cells = self._cells(frame)
        if cells is None:
            return None
        matching = self._matching(cells, frame)
        try:
            return self._answer(matching, frame)
        except Conflict as error:
            self._warn(frame, "hit_policy", f"命中策略 {self.box.hit_policy}：{error}")
            return None

    def _warn(self, frame: Frame, code: str, message: str) -> None:
        frame.run.warn(code, message, (1, 1))

    def _cells(self, frame: Frame) -> list[Frame] | None:
        cells: list[Frame] = []
        for column in self.inputs:
            value, fits = coerce(column.value(frame), column.type, frame.run)
            if not fits:
                self._warn(frame, "wrong_type", f"{column.label}：值的类型不符")
            cell = Frame({"?": value}, frame, frame.run)
            if isinstance(frame.run, DecisionRun):
                frame.run.notes.inputs[column.label] = value
            if column.allowed is not None and column.allowed(cell) is not True:
                self._warn(frame, "not_allowed", f"{column.label}：值不在允许的范围内")
                return None
            cells.append(cell)
        return cells

    def _matching(self, cells: list[Frame], frame: Frame) -> list[CompiledRule]:
        first_only = self.box.hit_policy == "FIRST"
        found: list[CompiledRule] = []
        for rule in self.rules:
            frame.run.charge(1)
            for test, cell in zip(rule.tests, cells, strict=True):
                if test is not None and test(cell) is not True:
                    break
            else:
                found.append(rule)
                if first_only:
                    break
        return found

    def _answer(self, matching: list[CompiledRule], frame: Frame) -> Value:
        if not matching:
            self._note([], frame)
            return self._default(frame)
        rows = [tuple(self._results(rule, frame)) for rule in matching]
        chosen = rows_of(self.box.hit_policy, rows, self._ranking(frame), frame.run)
        # Rows are told apart by identity: equal rows of two rules are two rows.
        self._note(
            [rule for rule, row in zip(matching, rows, strict=True) if any(row is one for one in chosen)],
            frame,
        )
        if self.box.hit_policy not in MANY:
            return self._shaped(chosen[0])
        if self.box.hit_policy == "COLLECT" and self.box.aggregation:
            columns = [list(column) for column in zip(*chosen, strict=True)]
            return self._shaped(
                tuple(aggregate(self.box.aggregation, column, frame.run) for column in columns)
            )
        return [self._shaped(row) for row in chosen]

    def _note(self, rules: list[CompiledRule], frame: Frame) -> None:
        if isinstance(frame.run, DecisionRun):
            frame.run.notes.rules.extend(rule.fired for rule in rules)

    def _results(self, rule: CompiledRule, frame: Frame) -> list[Value]:
        values: list[Value] = []
        for result, column in zip(rule.results, self.outputs, strict=True):
            raw = result(frame)
            value, fits = coerce(raw, column.type, frame.run)
            if not fits:
                self._warn(
                    frame, "wrong_type", f"第{rule.fired.number}条规则的结果类型不符：{kind_name(raw)}"
                )
            values.append(value)
        return values

    def _shaped(self, row: Row) -> Value:
        if len(self.outputs) == 1:
            return row[0]
        return {column.name: value for column, value in zip(self.outputs, row, strict=True)}

    def _default(self, frame: Frame) -> Value:
        if all(column.default is None for column in self.outputs):
            return None
        row = tuple((column.default or nothing)(frame) for column in self.outputs)
        single = self.box.hit_policy not in MANY or self.box.aggregation
        return self._shaped(row) if single else [self._shaped(row)]

    def _ranking(self, frame: Frame) -> Callable[[Row], tuple[int, ...]]:
        if self.box.hit_policy not in ("PRIORITY", "OUTPUT ORDER"):
            return lambda row: ()
        orders = [column.order(frame) for column in self.outputs]

        def place(value: Value, order: Value) -> int:
            values = order if isinstance(order, list) else []
            places = [index for index, one in enumerate(values) if equal(frame.run, one, value) is True]
            return places[0] if places else len(values)

        return lambda row: tuple(place(value, order) for value, order in zip(row, orders, strict=True))


def ordered_values(column: OutputColumn, of_type: str) -> str:
    """The FEEL list of a column's output values, most important first."""
    text = column.allowed.text if column.allowed is not None else of_type
    return f"[{text}]"
