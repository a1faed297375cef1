"""A compiled decision model: what depends on what, and how to decide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from engine.dmn.compiling import Boxes, typed
from engine.dmn.findings import DmnRefused, Finding, UnknownDecision
from engine.dmn.graph import in_order, needed_for
from engine.dmn.imports import given_as, place_in
from engine.dmn.item_types import Types, result_of
from engine.dmn.json_inputs import from_json
from engine.dmn.model import (
    Decision,
    Definitions,
    Home,
    InputData,
    Knowledge,
    Service,
    prefix_of,
)
from engine.dmn.running import DecisionRun, FiredRule, Notes, nothing
from engine.dmn.services import ServiceFunction
from engine.feel import DEFAULT_LIMITS, FeelError, Limits, Value, Warning, from_python
from engine.feel.expression import evaluate_code
from engine.feel.functions import BadCall, Callee, FeelFunction
from engine.feel.scope import Code, Frame, Run
from engine.feel.types import Type, coerce
from engine.feel.values import kind_name

Functions = Mapping[str, Callable[..., object]]


@dataclass(frozen=True, slots=True)
class DecisionTrace:
    """How one decision was made: its value, what it looked at, and the rules that fired."""

    id: str
    value: Value
    inputs: dict[str, Value]
    rules: tuple[FiredRule, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A decision's value; why parts of it are null; the decisions on the way, required ones first."""

    value: Value
    warnings: list[Warning] = field(default_factory=list)
    decisions: list[DecisionTrace] = field(default_factory=list)


class Decisions:
    """A file's decisions, compiled once: immutable, shareable between threads."""

    def __init__(self, definitions: Definitions, *, lenient: bool = False) -> None:
        """Compile. Raises DmnRefused; with `lenient`, texts that are no FEEL are null instead."""
        self.definitions = definitions
        broken: list[Finding] = []
        self._order = in_order(definitions, broken)
        if broken:  # nothing can be compiled over missing parts or circles, however lenient
            raise DmnRefused(broken)
        self.findings: list[Finding] = []
        self._types = Types(definitions, self.findings)
        for part in (*definitions.inputs.values(), *self._parts().values(), *definitions.decisions.values()):
            self._types.members.add(part.variable.name)
        self._boxes = {
            prefix: Boxes(definitions, self._types, home=home, findings=self.findings)
            for prefix, home in definitions.homes.items()
        }
        self._functions: dict[str, Callee] = {}
        self._scopes: dict[str, dict[str, Value]] = {}
        self._add_functions()
        self._code = {key: self._compile(decision) for key, decision in definitions.decisions.items()}
        declared = {data.variable.name for data in definitions.inputs.values()}
        used = {name for boxes in self._boxes.values() for name in boxes.used}
        self._ambient = frozenset(used - declared)
        if self.findings and not lenient:
            raise DmnRefused(self.findings)

    @property
    def names(self) -> dict[str, str]:
        """The id of each decision and decision service, with its name."""
        found = {key: decision.name for key, decision in self.definitions.decisions.items()}
        found |= {key: service.variable.name for key, service in self.definitions.services.items()}
        return {key: name for key, name in found.items() if not prefix_of(key)}

    def decide(
        self,
        name_or_id: str,
        inputs: Mapping[str, Value],
        *,
        functions: Functions | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> Outcome:
        """Make a decision, and those it requires, from inputs by name.

        Input data of the model are seen by the decisions that require them; names that the model does not
        declare are seen by all. Raises UnknownDecision, and FeelError for inputs that FEEL cannot hold.
        """
        run = DecisionRun(limits, functions or {})
        traces: list[DecisionTrace] = []
        service = self._service(name_or_id)
        given = self._inputs(inputs, run)
        outer = Frame(self._surroundings(inputs), None, run)
        if service is not None:
            named = {self.definitions.decisions[key].variable.name: key for key in service.input_decisions}
            given |= {key: _converted(inputs.get(name)) for name, key in named.items()}
            values = self._compute(service.outputs, given, outer, traces)
            value = evaluate_code(lambda frame: self._result(service, values, run), {}, run)
        else:
            wanted = self._decision(name_or_id)
            value = self._compute((wanted,), given, outer, traces)[wanted]
        return Outcome(value, run.found, traces)

    def read_inputs(self, inputs: Mapping[str, Value]) -> dict[str, Value]:
        """JSON inputs as values: where input data has a type, what spells a number or date becomes one."""
        read = dict(inputs)
        for key, data in self.definitions.inputs.items():
            inner = read
            for alias in self._home(key).path:
                part = inner.get(alias)
                if isinstance(part, dict):
                    inner[alias] = inner = dict(part)
            if data.variable.name in inner:
                kind = self._types.find(data.variable.type_ref, data.place)
                inner[data.variable.name] = from_json(inner[data.variable.name], kind)
        return read

    def call(self, name_or_id: str, arguments: list[Value], *, limits: Limits = DEFAULT_LIMITS) -> Outcome:
        """Call a business knowledge model or decision service with arguments by position."""
        parts = self._parts()
        wanted = [key for key, part in parts.items() if name_or_id in (key, part.variable.name)]
        if not wanted:
            raise UnknownDecision(name_or_id, sorted(part.variable.name for part in parts.values()))
        run, function = DecisionRun(limits, {}), self._functions[wanted[0]]
        values = [_converted(argument) for argument in arguments]
        return Outcome(evaluate_code(lambda frame: _called(frame.run, function, values), {}, run), run.found)

    def _decision(self, wanted: str) -> str:
        if wanted in self.definitions.decisions:
            return wanted
        for key, decision in self.definitions.decisions.items():
            if decision.name == wanted or decision.variable.name == wanted:
                return key
        raise UnknownDecision(wanted, sorted(self.names.values()))

    def _service(self, wanted: str) -> Service | None:
        if wanted in self.definitions.decisions:
            return None
        for key, service in self.definitions.services.items():
            if wanted in (key, service.variable.name):
                return service
        return None

    # making ready

    def _add_functions(self) -> None:
        for key, part in self._parts().items():
            if isinstance(part, Service):
                self._functions[key] = ServiceFunction(
                    part.variable.name, self._names_in(part), partial(self._serve, part)
                )
                continue
            scope: dict[str, Value] = {}
            self._scopes[key] = scope
            home = self._home(key)
            names = frozenset(self._seen_names(part.knowledge, home)) | {part.variable.name}
            result = result_of(part, self._types.find(part.variable.type_ref, part.place))
            boxes = self._boxes[prefix_of(key)]
            parameters, body = (
                ((), nothing) if part.function is None else boxes.function(part.function, names)
            )
            frame = Frame(scope, None, Run(DEFAULT_LIMITS, None, {}))
            self._functions[key] = FeelFunction(
                parameters, body, frame, name=part.variable.name, result=result
            )
            scope[part.variable.name] = self._functions[key]
        for key, knowledge in self.definitions.knowledge.items():
            self._scopes[key].update(self._known(knowledge.knowledge, self._home(key)))

    def _names_in(self, service: Service) -> tuple[str, ...]:
        inputs = [self.definitions.inputs[key].variable.name for key in service.inputs]
        decisions = [self.definitions.decisions[key].variable.name for key in service.input_decisions]
        return (*inputs, *decisions)

    def _parts(self) -> dict[str, Knowledge | Service]:
        return {**self.definitions.knowledge, **self.definitions.services}

    def _home(self, key: str) -> Home:
        return self.definitions.homes[prefix_of(key)]

    def _seen_names(self, keys: Iterable[str], home: Home) -> set[str]:
        """The names by which a model's expressions begin to speak of elements."""
        model = self.definitions
        tables = (model.inputs, model.decisions, model.knowledge, model.services)
        found: set[str] = set()
        for key in keys:
            for table in tables:
                if key in table:
                    found.add(home.alias_of(key) or table[key].variable.name)
        return found

    def _known(self, keys: Iterable[str], home: Home) -> dict[str, Value]:
        scope: dict[str, Value] = {}
        for key in keys:
            if key in self._functions:
                place_in(scope, self._functions[key].name, self._functions[key], home=home, key=key)
        return scope

    def _compile(self, decision: Decision) -> Code:
        required = (*decision.inputs, *decision.decisions, *decision.knowledge)
        names = self._seen_names(required, self._home(decision.id))
        code = self._boxes[prefix_of(decision.id)].box(decision.logic, frozenset(names))
        return typed(code, self._types.find(decision.variable.type_ref, decision.place), decision.place)

    # deciding

    def _surroundings(self, inputs: Mapping[str, Value]) -> dict[str, Value]:
        return {name: _converted(inputs[name]) for name in self._ambient if name in inputs}

    def _inputs(self, inputs: Mapping[str, Value], run: Run) -> dict[str, Value]:
        given: dict[str, Value] = {}
        for key, data in self.definitions.inputs.items():
            is_given, value = given_as(inputs, data.variable.name, self._home(key).path)
            if is_given:
                kind: Type | None = self._types.find(data.variable.type_ref, data.place)
                given[key], fits = coerce(_converted(value), kind, run)
                if not fits:
                    run.warn("input_type", f"{data.variable.name}：值与类型不符", (1, 1))
        return given

    def _compute(
        self, wanted: Iterable[str], given: dict[str, Value], outer: Frame, traces: list[DecisionTrace]
    ) -> dict[str, Value]:
        values = dict(given)
        needed = needed_for(wanted, values, self.definitions)
        for key in self._order:
            if key in needed:
                values[key] = self._decide_one(self.definitions.decisions[key], values, outer, traces)
        return values

    def _decide_one(
        self, decision: Decision, values: dict[str, Value], outer: Frame, traces: list[DecisionTrace]
    ) -> Value:
        run, home = outer.run, self._home(decision.id)
        tables: dict[str, InputData | Decision] = {**self.definitions.inputs, **self.definitions.decisions}
        seen: dict[str, Value] = {}
        for key in (*decision.inputs, *decision.decisions):
            place_in(seen, tables[key].variable.name, values.get(key), home=home, key=key)
        scope = dict(seen)
        for name, known in self._known(decision.knowledge, home).items():
            inner = seen.get(name) if name in home.aliases else None
            scope[name] = {**inner, **known} if isinstance(inner, dict) and isinstance(known, dict) else known
        notes = Notes()
        if isinstance(run, DecisionRun):
            run.notes, notes_before = notes, run.notes
        code = self._code[decision.id]
        value = evaluate_code(lambda frame: code(Frame(scope, outer, run)), {}, run)
        if isinstance(run, DecisionRun):
            run.notes = notes_before
        traces.append(DecisionTrace(decision.id, value, {**seen, **notes.inputs}, tuple(notes.rules)))
        return value

    def _result(self, service: Service, values: dict[str, Value], run: Run) -> Value:
        kind = self._types.find(service.variable.type_ref, service.place)
        if len(service.outputs) == 1:
            return coerce(values[service.outputs[0]], kind, run)[0]
        return {self.definitions.decisions[key].variable.name: values[key] for key in service.outputs}

    def _serve(self, service: Service, run: Run, arguments: list[Value]) -> Value:
        """A decision service's value for its inputs in order. Raises BadCall when one is of another type."""
        model = self.definitions
        given: dict[str, Value] = {}
        parts: list[InputData | Decision] = [model.inputs[key] for key in service.inputs]
        parts += [model.decisions[key] for key in service.input_decisions]
        for part, argument in zip(parts, arguments, strict=True):
            given[part.id], fits = coerce(argument, self._types.find(part.variable.type_ref, part.place), run)
            if not fits:
                raise BadCall(f"{part.variable.name}不能是{kind_name(argument)}")
        return self._result(service, self._compute(service.outputs, given, Frame({}, None, run), []), run)


def _called(run: Run, function: Callee, arguments: list[Value]) -> Value:
    try:
        return function.call(run, arguments)
    except BadCall as error:
        run.warn("bad_call", f"{function.name}：{error}", (1, 1))
        return None


def _converted(value: Value) -> Value:
    try:
        return from_python(value)
    except (TypeError, ValueError, RecursionError) as error:
        raise FeelError(f"给出的输入不能用于 FEEL：{error}", code="context") from error
