"""A decision service as a function of FEEL."""

from __future__ import annotations

from collections.abc import Callable

from engine.feel.functions import BadCall, Callee
from engine.feel.scope import Run
from engine.feel.values import Value

Serve = Callable[[Run, list[Value]], Value]
"""Decides with the inputs in order. May raise BadCall."""


class ServiceFunction(Callee):
    """Called with the service's input data, then its input decisions."""

    __slots__ = ("_parameters", "_serve")

    def __init__(self, name: str, parameters: tuple[str, ...], serve: Serve) -> None:
        super().__init__(name)
        self._parameters = parameters
        self._serve = serve

    @property
    def arity(self) -> int | None:
        """How many inputs it has."""
        return len(self._parameters)

    def call(self, run: Run, arguments: list[Value]) -> Value:
        """Decide with inputs in order."""
        if len(arguments) != len(self._parameters):
            raise BadCall(f"需要{len(self._parameters)}个参数，给了{len(arguments)}个")
        return self._serve(run, arguments)

    def call_named(self, run: Run, arguments: dict[str, Value]) -> Value:
        """Decide with inputs by name."""
        if set(arguments) != set(self._parameters):
            raise BadCall(f"参数应当是：{'、'.join(self._parameters)}")
        return self.call(run, [arguments[name] for name in self._parameters])
