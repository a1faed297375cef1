"""Where there is no way to an end any more: rounds that are never left, among one scope's states."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from engine.bpmn.lint.soundness_net import State


def trapped(
    states: Iterable[State], led_to: Mapping[State, Sequence[State]], over: Iterable[State]
) -> Iterator[State]:
    """The `states`, in their order, from which no step leads on to one that is `over`.

    `led_to` says of a state from which ones a step leads to it.
    """
    free = set(over)
    todo = list(free)
    while todo:
        for state in led_to.get(todo.pop(), ()):
            if state not in free:
                free.add(state)
                todo.append(state)
    return (state for state in states if state not in free)
