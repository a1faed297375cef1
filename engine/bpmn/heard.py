"""What the outside told an instance, in order: enough to play it once more, in this version or another."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from inspect import signature
from typing import TYPE_CHECKING, Any, Concatenate, Literal, ParamSpec, TypeVar

if TYPE_CHECKING:
    from engine.bpmn.execution import Execution

Value = Any
Verb = Literal[
    "start", "complete", "error", "escalate", "fire", "receive", "children", "release", "skip", "correct",
    "move", "jump", "reopen", "take_back", "migrate", "migrate_back",
]  # fmt: skip
NOT_KEPT = frozenset({"results"})
"""What is written elsewhere: the results of children stand in their own rows."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing that the outside told: `key` is the token or wait, `element` where that stood, by its id."""

    verb: Verb
    element: str
    key: str
    data: dict[str, Value] = field(default_factory=dict)


P = ParamSpec("P")
K = TypeVar("K", bound=str | None)
Method = Callable[Concatenate["Execution", K, P], None]


def hears(verb: Verb) -> Callable[["Method[K, P]"], "Method[K, P]"]:
    """Marks a method of `Execution` by which the outside tells it something: what was said is kept."""

    def mark(method: "Method[K, P]") -> "Method[K, P]":
        names = list(signature(method).parameters)[2:]

        @wraps(method)
        def tell(execution: "Execution", key: K, /, *args: P.args, **given: P.kwargs) -> None:
            token = execution._tokens.tasks.get(str(key or ""))
            element = token.element.id if token is not None else ""
            method(execution, key, *args, **given)
            said: dict[str, Value] = {**dict(zip(names, args, strict=False)), **given}
            data = {name: value for name, value in said.items() if value and name not in NOT_KEPT}
            execution.heard.append(Heard(verb, element, str(key or ""), data))

        return tell

    return mark
