"""Fan-out: the cost of one completion among few and among many, the making of children, the join."""

from collections.abc import Iterator
from itertools import islice

from engine.jobs import queue
from engine.runtime.background import running
from tests.bench.scale.figures import Cost, Figure, busy, cost_of, middle
from tests.bench.scale.town import Town
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow
from tests.engine.runtime.world import SUBJECT, in_a_row, user

MANY = 10_000
FEW = 10
ACTS = 300
CHILDREN = "select id from instance where parent_id = :parent"


def calling(process: str, *, propagate: bool = False) -> str:
    """A fan-out over `units`; with `propagate` each child is given all that the parent has."""
    said = str(propagate).lower()
    return (
        f'<bpmn:callActivity id="call_{process}" name="各单位办理"><bpmn:extensionElements>'
        f'<zeebe:calledElement processId="{process}" propagateAllChildVariables="false" '
        f'propagateAllParentVariables="{said}" /></bpmn:extensionElements>'
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
        '<zeebe:loopCharacteristics inputCollection="= units" inputElement="unit" '
        'outputCollection="results" outputElement="= value" />'
        "</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics></bpmn:callActivity>"
    )


def _files() -> dict[str, bytes]:
    fill, quick = 'id="one_unit" name="单位办理"', 'id="quick" name="自动办理"'
    script = (
        '<bpmn:scriptTask id="work" name="计算"><bpmn:extensionElements>'
        '<zeebe:script expression="= unit.code" resultVariable="value" />'
        "</bpmn:extensionElements></bpmn:scriptTask>"
    )
    over = {"own": ("one_unit", False), "all": ("one_unit", True), "short": ("quick", False)}
    parents = {
        name: diagram(
            SUBJECT,
            START,
            calling(process, propagate=propagate),
            user("check", "assessor.office.reviewer"),
            END,
            flow("f1", "begun", f"call_{process}"),
            flow("f2", f"call_{process}", "check"),
            flow("f3", "check", "done"),
            process=f'id="parent_{name}" name="{name}"',
        )
        for name, (process, propagate) in over.items()
    }
    children = {
        "one_unit": in_a_row(user("fill", "unit.liaison"), process=fill),
        "quick": in_a_row(script, process=quick),
    }
    return children | parents


def fan_out(town: Town) -> Iterator[Figure]:
    """All about fan-outs."""
    town.world.deploy(**_files())
    many = town.size(MANY)
    yield from _making(town, "own", many)
    yield from _completing(town, "own", many, "")
    yield from _joining(town, many)
    yield from _making(town, "all", many // 10, promised=False)
    yield from _completing(town, "all", many // 10, ", children given all the parent has")


def _start(town: Town, name: str, count: int) -> tuple[str, list[Cost]]:
    """A parent with `count` children: its id, and the cost of each job that made some."""
    units = [{**town.world.unit("U1"), "code": str(number)} for number in range(count)]
    instance = town.world.start(f"parent_{name}", drain=False, units=units)
    town.database.held.clear()
    return instance, list(_run_jobs(town))


def _run_jobs(town: Town) -> Iterator[Cost]:
    setup = town.world.engine.setup
    while True:
        with town.database.read() as connection:
            jobs = queue.due_jobs(connection, limit=1)
        if not jobs:
            return
        yield cost_of(lambda: running.run_read_job(setup, jobs[0]))  # noqa: B023 - run before the next


def _making(town: Town, name: str, count: int, *, promised: bool = True) -> Iterator[Figure]:
    _start(town, name, FEW)
    _, costs = _start(town, name, count)
    per_thousand = 1000 / count
    wall, cpu = sum(c.wall for c in costs) * per_thousand, sum(c.cpu for c in costs) * per_thousand
    told = f"of {count:,} children, {len(costs)} jobs" + ("" if promised else ", given all the parent has")
    alone = town.database.dialect == "sqlite" and busy()  # then this process's CPU says what it takes
    yield Figure("making 1,000 children", wall, "s", None if alone else 1.5, told)
    yield Figure("making 1,000 children, CPU", cpu, "s", 1.5 if alone else None, told)
    yield Figure("the longest transaction while making them", max(town.database.held), "s", 0.5, told)
    made = town.rows("select count(*) as n from instance where parent_id is not null")
    assert made[0]["n"] >= count


def _completing(town: Town, name: str, count: int, note: str) -> Iterator[Figure]:
    """Acts among few and among many in turn, so that what else runs on the machine meets both alike."""
    acts = min(town.size(ACTS), count - 1)
    crowd = town.rows(
        "select instance_id from fan_out where total = :total order by id desc limit 1", total=count
    )
    among_many = town.items(CHILDREN, parent=crowd[0]["instance_id"])[:acts]
    among_few: list[tuple[str, int]] = []
    while len(among_few) < acts:
        few, _ = _start(town, name, FEW)
        among_few += town.items(CHILDREN, parent=few)[: FEW - 1]
    town.settle()
    many, few_costs = [], []
    for lone, crowded in zip(islice(among_few, acts), among_many, strict=True):
        few_costs.append(cost_of(lambda: town.act("ling", lone, fields={"value": "1"})))  # noqa: B023
        many.append(cost_of(lambda: town.act("ling", crowded, fields={"value": "1"})))  # noqa: B023
    one, other = middle(few_costs), middle(many)
    told = f"{1000 * other.wall:.2f} ms to {1000 * one.wall:.2f} ms{note}"
    yield Figure(f"a completion among {count:,} to one among {FEW}", other.wall / one.wall, "×", 1.2, told)
    told = f"{1000 * other.cpu:.2f} ms to {1000 * one.cpu:.2f} ms{note}"
    yield Figure(f"a completion among {count:,} to one among {FEW}, CPU", other.cpu / one.cpu, "×", 1.2, told)


def _joining(town: Town, count: int) -> Iterator[Figure]:
    _, costs = _start(town, "short", count)
    [parent] = town.rows("select id, status from instance where process_key = 'parent_short'")
    assert town.items(":parent", parent=parent["id"]), "the parent has gone on"
    yield Figure(f"the join of {count:,}", costs[-1].wall, "s", 1.0, f"CPU {costs[-1].cpu:.3f} s")
