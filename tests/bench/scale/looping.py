"""Loops that stay flat, and parallel blocks that do not explode."""

import statistics
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from engine.bpmn.compile import compile_process
from engine.bpmn.execution import Execution, Services
from engine.bpmn.reader import read_model
from tests.bench.scale.figures import Cost, Figure, cost_of, middle
from tests.bench.scale.town import Town
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow
from tests.engine.runtime.world import SUBJECT, user

ROUNDS = 5_000
EDGE = 100
"""So many rounds at the beginning are compared with as many at the end."""

LOOP = diagram(
    SUBJECT,
    START,
    user("again", "unit.liaison"),
    '<bpmn:exclusiveGateway id="enough" name="够了?" default="back" />',
    END,
    flow("f1", "begun", "again"),
    flow("f2", "again", "enough"),
    flow("back", "enough", "again", name="否"),
    flow("on", "enough", "done", name="是", condition='= value = "enough"'),
)
MEMORY = Services(now=lambda: datetime(2018, 3, 1, tzinfo=UTC))


def blocks(count: int, branches: int) -> bytes:
    """`count` parallel blocks of `branches` steps each, one after another."""
    parts, flows, before = [], [], "begun"
    for block in range(count):
        fork, join = f"fork{block}", f"join{block}"
        parts += [
            f'<bpmn:parallelGateway id="{fork}" name="" />',
            f'<bpmn:parallelGateway id="{join}" name="" />',
        ]
        flows.append(flow(f"to_{fork}", before, fork))
        for branch in range(branches):
            step = f"b{block}_{branch}"
            parts.append(user(step, "unit.liaison"))
            flows += [flow(f"{step}_in", fork, step), flow(f"{step}_out", step, join)]
        before = join
    return diagram(SUBJECT, START, *parts, END, *flows, flow("last", before, "done"))


def parallel(town: Town) -> Iterator[Figure]:
    """Four blocks of eight start."""
    drawn = blocks(4, 8)
    process = compile_process(read_model(drawn, file="p.bpmn"), "planning")

    def begin() -> Execution:
        execution = Execution.start(process, variables={}, services=MEMORY)
        execution.run()
        execution.dump()
        return execution

    tokens = len(begin().waits())
    alone = middle(cost_of(begin) for _ in range(200))
    yield Figure("4 parallel blocks of 8 start", 1000 * alone.cpu, "ms", 5, f"in memory, {tokens} tokens")
    town.world.deploy(planning=drawn)
    town.world.start(drain=False)
    whole = middle(cost_of(lambda: town.world.start(drain=False)) for _ in range(town.size(200)))
    told = f"stored, with {tokens} tasks on a desk; on the clock {1000 * whole.wall:.2f} ms"
    yield Figure("4 parallel blocks of 8 start, stored", 1000 * whole.cpu, "ms", 5, told)


def loop(town: Town) -> Iterator[Figure]:
    """A person goes round a gateway; so does an engine in memory."""
    rounds = town.size(ROUNDS)
    yield _flat(f"a loop of {rounds:,} rounds in memory", _in_memory(), rounds)
    town.world.deploy(planning=LOOP)
    instance = town.world.start(drain=False)

    def round_() -> None:
        [item] = town.items(":id", id=instance)
        town.act("ling", item, fields={"value": "more"})

    for _ in range(EDGE):  # what is read once is read before
        round_()
    yield _flat(f"a loop of {rounds:,} rounds, stored", round_, rounds)
    [row] = town.rows("select length(state) as size from instance where id = :id", id=instance)
    yield Figure("the stored state after them", row["size"], "B", 200)


def _in_memory() -> Callable[[], None]:
    process = compile_process(read_model(LOOP, file="p.bpmn"), "planning")
    execution = Execution.start(process, variables={"value": ""}, services=MEMORY)
    execution.run()
    kept = {"state": execution.dump()}
    variables = {("", "value"): "more"}

    def round_() -> None:
        loaded = Execution.load(process, kept["state"], variables=variables, services=MEMORY)
        [wait] = loaded.waits().values()
        loaded.complete(wait.token, {"value": "more"})
        loaded.run()
        kept["state"] = loaded.dump()

    return round_


def _flat(name: str, round_: Callable[[], None], rounds: int) -> Figure:
    costs: list[Cost] = [cost_of(round_) for _ in range(rounds)]
    first, last = ([c.cpu for c in costs[cut]] for cut in (slice(EDGE), slice(-EDGE, None)))
    begun, ended = statistics.median(first), statistics.median(last)
    told = f"{1000 * ended:.2f} ms to {1000 * begun:.2f} ms of CPU"
    return Figure(f"{name}: last {EDGE} to first {EDGE}", ended / begun, "×", 1.5, told)
