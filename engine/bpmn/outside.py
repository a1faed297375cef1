"""What an instance gets from the outside, and what it says by itself: signals, and words to its caller."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from engine.bpmn.due import DEFAULT_ZONE

Value = Any


@dataclass(frozen=True)
class Services:
    """What the outside gives to an execution; nothing here may touch the tokens.

    `now`: the instant (aware) on the cycle's clock. `functions`: FEEL functions by name. `decide`: evaluates
    the decision of that id in a context of variables. `zone`: where civil dates end their day.
    """

    now: Callable[[], datetime]
    functions: Mapping[str, Callable[..., Value]] = field(default_factory=dict)
    decide: Callable[[str, dict[str, Value]], Value] | None = None
    zone: str = DEFAULT_ZONE
    caught_outside: Callable[[str], bool] | None = None
    """Does whoever called this instance catch an error of that code? None: nobody called it."""


@dataclass(frozen=True)
class Signal:
    """A signal that the instance threw: for everybody in the cycle who waits for `name`."""

    name: str
    variables: dict[str, Value]


@dataclass(frozen=True)
class Told:
    """What an instance tells its caller: an escalation that nothing inside took, or the error at its end."""

    kind: Literal["error", "escalation"]
    code: str
    variables: dict[str, Value]
