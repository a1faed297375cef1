"""What an instance waits for: the only thing the runtime needs to see of its tokens."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, overload

Value = Any
WaitKind = Literal["user", "job", "children", "timer", "message", "signal"]


class Children(Sequence[dict[str, Value]]):
    """The variables with which each child instance starts, worked out when asked for.

    A fan-out over 1,000 units costs nothing until the runtime slices a batch from it. The collection was
    read when the call activity was entered and never changes afterwards.
    """

    def __init__(
        self,
        count: int,
        make: Callable[[int], dict[str, Value]],
        alike: Callable[[], Mapping[str, Value]] = dict,
    ) -> None:
        self._count = count
        self._make = make
        self.alike = alike
        """What all of them are given of the parent's own: the same objects as in each child's variables."""

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> dict[str, Value]: ...
    @overload
    def __getitem__(self, index: slice) -> list[dict[str, Value]]: ...
    def __getitem__(self, index: int | slice) -> dict[str, Value] | list[dict[str, Value]]:
        if isinstance(index, slice):
            return [self._make(number) for number in range(*index.indices(self._count))]
        return self._make(range(self._count)[index])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Children({list(self)!r})"


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing the instance waits for.

    `key` names it: stable across dump and load, good for one firing, never used again.
    `token` is the activity's token (for a boundary event: of the activity it sits on; for an event behind
    an event-based gateway: of the gateway), `element` the id of the BPMN element that waits.
    `due_at` is UTC; `repeat` how often a cycle fires again afterwards (-1: for ever; None: no cycle).
    `inputs` are the activity's own variables (its input mappings). For "children": `process_id`, one entry
    in `children` for each instance to start, `sequential` when they must run one after the other, `scopes`
    those that a completion condition sees, from the inside out.
    """

    key: str
    token: str
    element: str
    kind: WaitKind
    due_at: datetime | None = None
    repeat: int | None = None
    message: str | None = None
    correlation_key: str | None = None
    signal: str | None = None
    job_type: str | None = None
    retries: int = 3
    inputs: dict[str, Value] = field(default_factory=dict)
    process_id: str | None = None
    children: Children | None = None
    sequential: bool = False
    scopes: Sequence[str] = ()
    interrupting: bool = True
