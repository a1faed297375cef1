"""Any graph of tasks, exclusive and parallel gateways, sound or not: tokens are counted as in a net."""

from collections import Counter, deque
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st

from .drawing import Desk, draw, node

LIMIT = 300


@st.composite
def graphs(draw_: st.DrawFn) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Kinds of nodes by name, and flows; `s` is the start, `e` an end that anything may lead to."""
    count = draw_(st.integers(2, 8))
    kinds = {f"n{i}": draw_(st.sampled_from(["user", "user", "xor", "and"])) for i in range(count)}
    flows = [("s", "n0")]
    for number, name in enumerate(kinds):
        ways = draw_(st.integers(1, 3 if kinds[name] != "user" else 1))
        nearby = [f"n{i}" for i in range(max(0, number - 1), min(count, number + 4))]
        flows += [(name, draw_(st.sampled_from([*nearby, "e"]))) for _ in range(ways)]
    return {"s": "start", **kinds, "e": "end"}, flows


class Net:
    """Tokens on flows. An exclusive gateway `n` takes the flow whose number the variable `n` holds."""

    def __init__(self, kinds: dict[str, str], flows: list[tuple[str, str]], choices: dict[str, int]) -> None:
        self.kinds, self.flows, self.choices = kinds, flows, choices
        self.open: Counter[str] = Counter()
        self.parked: Counter[int] = Counter()
        self.leave("s")

    def leave(self, name: str) -> None:
        moving = deque([name])
        for _ in range(LIMIT):
            if not moving:
                return
            name = moving.popleft()
            ways = [n for n, (source, _) in enumerate(self.flows) if source == name]
            if self.kinds[name] == "xor":
                ways = [ways[min(self.choices[name], len(ways) - 1)]]
            for way in ways:
                moving.extend(self.arrive(way))
        raise RuntimeError("a loop without an end")

    def arrive(self, way: int) -> list[str]:
        name = self.flows[way][1]
        if self.kinds[name] == "user":
            self.open[name] += 1
            return []
        if self.kinds[name] != "and":
            return [name]
        into = [n for n, (_, target) in enumerate(self.flows) if target == name]
        self.parked[way] += 1
        if all(self.parked[n] > 0 for n in into):
            self.parked.subtract(into)
            return [name]
        return []

    def complete(self, name: str) -> None:
        self.open[name] -= 1
        self.leave(name)


def process_of(kinds: dict[str, str], flows: list[tuple[str, str]]) -> Any:
    texts, ways = [], Counter[str]()
    for source, target in flows:
        number, last = ways[source], sum(s == source for s, _ in flows) - 1
        ways[source] += 1
        if kinds[source] == "xor" and number < last:
            texts.append(f"{source} -> {target}: = {source} = {number}")
        else:
            texts.append(f"{source} {'=>' if kinds[source] == 'xor' else '->'} {target}")
    return draw([node(name, kind) for name, kind in kinds.items()], texts)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_tokens_are_counted_as_in_a_net(data: st.DataObject) -> None:
    kinds, flows = data.draw(graphs())
    choices = {n: data.draw(st.integers(0, 2), label=n) for n, kind in kinds.items() if kind == "xor"}
    try:
        net = Net(kinds, flows, choices)
    except RuntimeError:
        assume(False)
    note(str(flows))
    desk = Desk(process_of(kinds, flows), reload=True, **{n: Decimal(v) for n, v in choices.items()})
    for _ in range(15):
        assert desk.at() == sorted(net.open.elements())
        waiting, parked = net.open.total(), sorted({flows[n][1] for n in net.parked.elements()})
        assert desk.x.ended == (waiting == 0 and not parked)
        assert desk.x.stuck == ([] if waiting else parked)
        if not waiting or waiting > 30:
            return
        name = data.draw(st.sampled_from(sorted(net.open.elements())), label="complete")
        try:
            net.complete(name)
        except RuntimeError:
            assume(False)
        keys = [w.key for w in desk.x.waits().values() if w.element == name]
        desk.act().complete(keys[0], {})
        desk.done()
