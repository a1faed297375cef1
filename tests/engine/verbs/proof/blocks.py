"""A model as nested blocks, and who sits at which desk."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, Self

DESKS: Mapping[str, tuple[str, ...]] = {
    "unit.liaison": ("ling",),
    "unit.vice_head": ("lu",),
    "unit.head": ("tou",),
    "assessor.office.reviewer": ("kao",),
    "assessor.office.staff": ("ban1", "ban2"),
    "assessor.review.legal": ("fa",),
}
"""Desks, and who holds them. `mi` signs in person, `wei` stands in, `ling2` and `tou2` are strangers."""
PERSONAL = ("mi",)
STRANGERS = ("ling2", "tou2")
TEMPORARY = ("wei",)
OFFICE = ("kao", "ban1", "ban2")
"""Who urges and mends."""
STARTER = "cai"
"""Who has started an instance, and to whom others are copied: nobody in whose hands anything is."""
EVERYBODY = ("ling", "lu", "tou", "kao", "ban1", "ban2", "fa", *PERSONAL, *TEMPORARY, *STRANGERS)

Late = Literal["", "stop", "beside"]


@dataclass(frozen=True)
class Vote:
    """Several people decide: `form`, `reject`, `voters` as in the diagram, `signers` desks or people, and the
    weight of each."""

    form: str
    reject: str
    signers: tuple[str, ...]
    weights: tuple[int, ...] = ()
    voters: str = ""


class Drawn:
    """What is drawn stays as it is: copies of a story's paper share it, and may ask whether two are one."""

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        return self


@dataclass(frozen=True)
class Task(Drawn):
    """A user task. `claim`: its group takes it first; `body`: it is entered for a body (代录);
    `judges`: it is approved or sent back; `free`: every verb is offered; `late`: its boundary timer."""

    name: str
    desk: str
    claim: bool = False
    body: bool = False
    judges: bool = False
    free: bool = True
    vote: Vote | None = None
    late: Late = ""

    @property
    def outcomes(self) -> tuple[str, ...]:
        return ("approve", "return") if self.judges or self.vote else ("submit",)

    @property
    def after(self) -> "Task":
        """The task behind the boundary timer."""
        return Task(late_name(self.name), "unit.liaison")


@dataclass(frozen=True)
class Work(Drawn):
    """A service; it fails as long as the world says so, and is then an incident."""

    name: str


@dataclass(frozen=True)
class Seq(Drawn):
    parts: tuple["Block", ...]


@dataclass(frozen=True)
class Fork(Drawn):
    """Parallel branches."""

    name: str
    branches: tuple[Seq, ...]


@dataclass(frozen=True)
class Again(Drawn):
    """The body again: so often as `rounds` says, or, with `judged`, while its last task sends it back."""

    name: str
    body: Seq
    rounds: int = 1
    judged: bool = False


@dataclass(frozen=True)
class Inner(Drawn):
    """An embedded subprocess; `late`: its boundary timer."""

    name: str
    body: Seq
    late: Late = ""

    @property
    def after(self) -> Task:
        return Task(late_name(self.name), "unit.liaison")


@dataclass(frozen=True)
class Call(Drawn):
    """Child instances of the process `called`: one, or with `many` so many, at once or in turn."""

    name: str
    many: int = 0
    in_turn: bool = False


Block = Task | Work | Seq | Fork | Again | Inner | Call


@dataclass(frozen=True)
class Whole(Drawn):
    """A process, and the one that it calls; `withdraw`: whoever has started it may end it (撤销)."""

    body: Seq
    called: Seq | None = None
    withdraw: bool = False


def late_name(name: str) -> str:
    """The task behind the boundary timer of `name`."""
    return f"{name}_late"


def patience(name: str) -> timedelta:
    """How long the boundary timer of `name` waits: never the same for two names, so that none tie."""
    return timedelta(seconds=3600 + 7 * int("".join(filter(str.isdigit, name))))


def inside(block: Block) -> Iterator[Block]:
    """The block and everything in it."""
    yield block
    match block:
        case Seq(parts):
            for part in parts:
                yield from inside(part)
        case Fork(_, branches):
            for branch in branches:
                yield from inside(branch)
        case Again(_, body) | Inner(_, body):
            yield from inside(body)


def tasks(block: Block) -> dict[str, Task]:
    """Every user task by its name, those behind timers too."""
    found = {}
    for one in inside(block):
        if isinstance(one, Task):
            found[one.name] = one
        if isinstance(one, Task | Inner) and one.late:
            found[one.after.name] = one.after
    return found


def musts(block: Block) -> frozenset[str]:
    """The tasks, forks and subprocesses of this scope that everybody passes who passes the block."""
    match block:
        case Task() | Fork() | Inner():
            return frozenset({block.name})
        case Seq(parts):
            return frozenset().union(*(musts(part) for part in parts))
        case Again(_, body):
            return musts(body)
    return frozenset()


def way_to(block: Block, name: str) -> frozenset[str] | None:
    """The tasks and forks of this scope on every path to `name` in the block; None when it is not there."""
    match block:
        case Seq(parts):
            passed: frozenset[str] = frozenset()
            for part in parts:
                found = way_to(part, name)
                if found is not None:
                    return passed | found
                passed |= musts(part)
            return None
        case Fork(_, branches) if name != block.name:
            ways = (way_to(one, name) for one in branches)
            return next((found | {block.name} for found in ways if found is not None), None)
        case Again(_, body):
            return way_to(body, name)
    if block.name == name:
        return frozenset()
    if isinstance(block, Task | Inner) and block.late and name == late_name(block.name):
        return musts(block)
    return None


def closed_before(block: Block, name: str) -> dict[str, str]:
    """The tasks in parallel blocks and subprocesses that are passed before `name`, each with the fork of its
    block, or the subprocess, that begins anew as a whole."""
    match block:
        case Seq(parts):
            found: dict[str, str] = {}
            for part in parts:
                if way_to(part, name) is not None:
                    return found | closed_before(part, name)
                found |= _of_forks(part)
        case Fork(_, branches) if name != block.name:
            for branch in branches:
                if way_to(branch, name) is not None:
                    return closed_before(branch, name)
        case Again(_, body):
            return closed_before(body, name)
        case Inner() if block.late and name == late_name(block.name):
            return _of_forks(block)
    return {}


def _of_forks(block: Block) -> dict[str, str]:
    match block:
        case Seq(parts):
            return {task: fork for part in parts for task, fork in _of_forks(part).items()}
        case Fork():
            return dict.fromkeys(within(block) | _in_scopes(block), block.name)
        case Again(_, body):
            return _of_forks(body)
        case Inner():
            return dict.fromkeys(_in_scopes(block), block.name)
    return {}


def _in_scopes(block: Block) -> frozenset[str]:
    """The tasks of the subprocesses in the block for which a token stands that goes on with the flow."""
    scopes = (one for one in inside(block) if isinstance(one, Inner))
    return frozenset().union(*(within(one.body) for one in scopes))


def within(block: Block) -> frozenset[str]:
    """The tasks of this scope in the block for which a token stands that goes on with the flow."""
    match block:
        case Seq(parts) | Fork(_, parts):
            return frozenset().union(*(within(part) for part in parts))
        case Again(_, body):
            return within(body)
        case Task() | Inner():
            own = {block.name} if isinstance(block, Task) else set()
            return frozenset(own | ({late_name(block.name)} if block.late == "stop" else set()))
    return frozenset()


def leads_on_to(block: Block, name: str) -> bool:
    """Does a token that is put at `name` inside the block stand for the whole block?"""
    match block:
        case Seq(parts):
            return any(leads_on_to(part, name) for part in parts)
        case Again(_, body):
            return leads_on_to(body, name)
        case Fork():
            return name == block.name
        case Task():
            return name == block.name or (block.late == "stop" and name == late_name(block.name))
        case Inner():
            return name == block.name or (block.late == "stop" and name == late_name(block.name))
    return False
