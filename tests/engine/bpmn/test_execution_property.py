"""Any block-structured process, any moment: the engine agrees with an independent game, stored or not."""

from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from engine.bpmn import moves
from engine.bpmn.execution import Execution
from engine.bpmn.failures import IllegalMove

from .drawing import Desk
from .game_moves import Illegal, MovingGame
from .shapes import Again, Block, Choice, Race, Seq, Sub, Work, each, process_of


@st.composite
def trees(draw: st.DrawFn) -> Any:
    """A process tree of at most about fifteen works, every name its own."""
    counter = iter(range(1000))
    budget = [draw(st.integers(3, 14))]

    def seq(depth: int, least: int = 0) -> Seq:
        return Seq(tuple(part(depth) for _ in range(draw(st.integers(least, 3)))))

    def part(depth: int) -> Any:
        kinds = ["work"] * 3
        if depth < 4 and budget[0] > 0:
            kinds += ["choice", "and", "or", "again", "sub", "and", "race"]
        kind = draw(st.sampled_from(kinds))
        name = f"n{next(counter)}"
        budget[0] -= 1
        if kind == "work":
            return Work(name, draw(st.sampled_from(["user"] * 6 + ["call", "fan", "receive", "service"])))
        if kind == "again":
            return Again(name, seq(depth + 1))
        if kind == "sub":
            return Sub(name, seq(depth + 1), draw(st.sampled_from([None, "stop", "beside", "error"])))
        branches = tuple(seq(depth + 1) for _ in range(draw(st.integers(2, 3))))
        if kind in ("choice", "race"):
            return Choice(name, branches) if kind == "choice" else Race(name, branches)
        return Block(name, branches, kind == "or")

    return Seq(tuple(part(0) for _ in range(draw(st.integers(1, 4)))))


def names(tree: Any) -> dict[str, st.SearchStrategy[int]]:
    """The variables of a tree, with what they may hold at the start."""
    found: dict[str, st.SearchStrategy[int]] = {}
    for t in each(tree):
        match t:
            case Choice(name, branches):
                found[name] = st.integers(0, len(branches) - 1)
            case Block(name, branches, True):
                found.update({f"{name}_{i}": st.integers(0, 1) for i in range(len(branches) - 1)})
            case Again(name, _):
                found[name] = st.integers(1, 2)
            case Sub(name, _, "error"):
                found[f"{name}_err"] = st.integers(0, 1)
            case Work(name, "fan"):
                found[f"{name}_items"] = st.integers(0, 2)
    return found


def as_feel(name: str, value: int) -> Any:
    if name.endswith("_items"):
        return [Decimal(n) for n in range(value)]
    return bool(value) if "_" in name else Decimal(value)


class Match:
    """One game, and the engine twice: kept in memory, and stored and loaded before every action."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data
        self.tree = data.draw(trees())
        note(repr(self.tree))
        self.names = names(self.tree)
        start = {name: data.draw(values) for name, values in self.names.items()}
        self.game = MovingGame(self.tree, start)
        process = process_of(self.tree)
        given = {name: as_feel(name, value) for name, value in start.items()}
        self.desks = [Desk(process, reload=False, **given), Desk(process, reload=True, **given)]
        self.used: set[str] = set()
        self.users = [t.name for t in each(self.tree) if isinstance(t, Work) and t.kind == "user"]
        self.check()

    def check(self) -> None:
        kept, stored = (desk.x for desk in self.desks)
        assert self.desks[0].at() == self.game.at()
        assert kept.ended == (self.game.state is None)
        assert kept.stuck == []
        assert kept.waits() == stored.waits() and kept.active() == stored.active()
        assert kept.dump() == stored.dump()
        assert self.desks[0].path == self.desks[1].path
        for token in [None, *(w.token for w in kept.waits().values())]:
            assert kept.variables_of(token) == stored.variables_of(token)
        self.desks[1].save_and_load()
        assert self.desks[1].x.dump() == kept.dump() and self.desks[1].x.waits() == kept.waits()
        fresh = set(kept.waits()) - getattr(self, "open", set())
        assert not fresh & self.used, "a key was used again"
        self.used |= fresh
        self.open = set(kept.waits())

    def key(self, element: str) -> str:
        waits = self.desks[0].x.waits().values()
        return min((w.key for w in waits if w.element == element), key=int)

    def both(self, action: Any) -> None:
        for desk in self.desks:
            action(desk.act())
            desk.done()

    def step(self, *, moving: bool) -> None:
        here = self.data.draw(st.sampled_from(self.game.at()), label="here")
        key = self.key(here)
        if here.endswith("_t"):
            self.game.fire(here)
            self.both(lambda x: x.fire(key))
        elif moving and here in self.users and self.data.draw(st.booleans(), label="move"):
            self.move(here, key)
        else:
            self.complete(here, key)
        self.check()

    def complete(self, here: str, key: str) -> None:
        changes = self.changes()
        wait = self.desks[0].x.waits()[key]
        results = {name: as_feel(name, value) for name, value in changes.items()}
        if wait.kind == "children":
            count = len(wait.children or ())
            self.game.complete(here)
            self.both(lambda x: x.finish_children(key, [{"got": Decimal(n)} for n in range(count)]))
            return
        if wait.kind == "timer":
            self.game.complete(here)
            self.both(lambda x: x.fire(key))
            return
        self.game.complete(here, **changes)
        if wait.kind == "message":
            self.both(lambda x: x.receive(key, results))
        else:
            self.both(lambda x: x.complete(key, results))

    def changes(self) -> dict[str, int]:
        """A completion may turn later decisions, never add rounds to a loop."""
        loops = {t.name for t in each(self.tree) if isinstance(t, Again)}
        free = sorted(set(self.names) - loops)
        if not free:
            return {}
        chosen = self.data.draw(st.sets(st.sampled_from(free), max_size=2), label="changed")
        return {name: self.data.draw(self.names[name]) for name in sorted(chosen)}

    def move(self, here: str, key: str) -> None:
        target = self.data.draw(st.sampled_from(self.users), label="target")
        may = self.game.skips(here, target)
        assert all(desk.x.skips(key, target) is may for desk in self.desks)
        if may and self.game.a_step_follows(here):
            self.game.skip(here, target)
            self.both(lambda x: x.complete(key, {}, toward=target))
            return
        try:
            self.game.move(here, target)
        except Illegal:
            assert not allowed(self.desks[0].x, key, target)
        else:
            self.both(lambda x: x.move(key, target=target))

    def to_the_end(self) -> None:
        for _ in range(300):
            if self.game.state is None:
                break
            work = [name for name in self.game.at() if not name.endswith("_t")]
            self.complete(work[0], self.key(work[0]))
            self.check()
        assert self.game.state is None
        assert all(desk.x.ended for desk in self.desks)


def allowed(x: Execution, key: str, target: str) -> bool:
    try:
        moves.plan(x._token(key), target)
    except IllegalMove:
        return False
    return True


FULL = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@FULL
@given(st.data())
def test_every_process_runs_as_in_the_game(data: st.DataObject) -> None:
    match = Match(data)
    for _ in range(data.draw(st.integers(0, 12), label="steps")):
        if match.game.state is not None:
            match.step(moving=False)
    match.to_the_end()


@FULL
@given(st.data())
def test_no_move_loses_or_doubles_a_token(data: st.DataObject) -> None:
    match = Match(data)
    for _ in range(data.draw(st.integers(0, 12), label="steps")):
        if match.game.state is not None:
            match.step(moving=True)
    match.to_the_end()


@FULL
@given(st.data())
def test_returnable_is_where_a_move_goes_and_leaves_siblings_alone(data: st.DataObject) -> None:
    match = Match(data)
    for _ in range(data.draw(st.integers(0, 8), label="steps")):
        if match.game.state is None:
            return
        match.step(moving=False)
        x = match.desks[0].x
        for wait in x.waits().values():
            if wait.kind != "user":
                continue
            possible = {u for u in match.users if allowed(x, wait.key, u) and leads_here(x, wait.key, u)}
            assert set(x.returnable(wait.key)) == possible


def leads_here(x: Execution, key: str, target: str) -> bool:
    """Does the way from the target come here without opening its own block again? No sibling's does."""
    begins, token = place(x, key, target), x._token(key)
    elements = token.workflow.process.model.elements
    scope, seen = elements[begins].parent, elements[target]
    while token.element.parent != scope:
        token = token.parent
    while seen.parent != scope:  # within a subprocess that is over
        seen = elements[str(seen.parent)]
    graph = token.workflow.process.graphs[scope]
    return begins == seen.id or graph.reaches(seen.id, token.element.id, avoiding=begins)


def place(x: Execution, key: str, target: str) -> str:
    return moves.plan(x._token(key), target).place
