"""Going on with a copy of an instance, to see where the work comes to; the copy is thrown away.

A gateway is passed only where everything that its conditions read is known; where they read what others
will decide, what a form still lacks, or what a program will find out, the way is open from there. After the
next person, the usual outcome (the first one drawn) is assumed, and said.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from sqlalchemy import Connection

from engine.bpmn.execution import Wait
from engine.bpmn.failures import ExecutionFailed
from engine.bpmn.model import Element
from engine.bpmn.outcomes import outcomes_of
from engine.bpmn.script import body_of
from engine.bpmn.votes import vote_rule
from engine.feel import FeelError, compile_expression
from engine.people.memberships import holders
from engine.runtime.setup import Actor, Setup
from engine.runtime.steps.desks import Desk, answers_for, desk_of
from engine.runtime.steps.rows import InstanceRow
from engine.runtime.steps.signing import signers_of
from engine.runtime.steps.step import Step, look_at
from engine.verbs.showing.above import goes_on_above
from engine.verbs.working.choosing import QUERIES as NAMES
from engine.work.chosen import Chosen, chosen_for
from engine.work.placing import Place, place_of
from engine.work.routing import Candidate, NobodyAssigned, candidates

Kind = Literal["user", "signers", "mine", "children", "waiting", "join", "end", "open"]
GIVEN = frozenset({"cycle", "assessor", "unit"})
"""What every instance has from its start, and no step changes."""
MOST_JOBS = 20
MOST_NAMES = 3
_CALLED = re.compile(r"([\w.]+)\s*\(")
_CATCHES = frozenset({"intermediateCatchEvent", "receiveTask"})


@dataclass(frozen=True)
class Stop:
    """Where the work comes to. `who` are people and posts by name, or why they cannot be known yet.

    At an end `who` says what the process above does then. `assumed` is the outcome under which `then`
    follows; "" where nothing is assumed.
    """

    kind: Kind
    element_id: str
    name: str
    who: tuple[str, ...] = ()
    then: tuple["Stop", ...] = ()
    assumed: str = ""


@dataclass(frozen=True)
class _Known:
    """Which names are known; with `all`, every name is."""

    names: frozenset[str]
    all: bool

    def covers(self, *texts: str | None) -> bool:
        """Whether everything that the expressions read is known."""
        return self.all or all(_names(text) <= self.names | GIVEN for text in texts if text)


@dataclass
class Foreseeing:
    """One look ahead from one instance; every copy is loaded anew from its stored state."""

    setup: Setup
    connection: Connection
    row: InstanceRow
    actor: Actor
    chosen: list[Chosen]

    def after(
        self,
        key: str,
        variables: Mapping[str, Any],
        *,
        known: frozenset[str],
        sure: bool,
        back_to: str | None,
    ) -> tuple[Stop, ...]:
        """The stops after the task that waits under `key` is done with `variables`."""
        knows = _Known(known, sure)
        step, waits, open_at = self._done(key, variables, knows, back_to=back_to)
        stops = self._stops(step, waits, open_at)
        return tuple(self._with_next(one, key, variables, knows, back_to) for one in stops)

    def _with_next(
        self, stop: Stop, key: str, variables: Mapping[str, Any], knows: _Known, back_to: str | None
    ) -> Stop:
        """The stop with what comes after it, if the one who has it then takes the usual way."""
        if stop.kind != "user":
            return stop
        step, waits, _open = self._done(key, variables, knows, back_to=back_to)
        wait = next((one for one in waits if one.element == stop.element_id), None)
        if wait is None:
            return stop
        element = step.version.element(wait.element)
        usual = outcomes_of(element.properties)[0]
        said: dict[str, Any] = {"outcome": usual.key}
        if vote_rule(element.properties) is not None:
            said["vote"] = {"passed": True}
        fills = element.form_id is not None
        later = _Known(frozenset(said), knows.all and not fills)
        before = set(step.execution.waits()) - {wait.key}
        open_at = _go_on(step, wait, said, later)
        new = _new_waits(step, before, open_at)
        named = usual.label if len(outcomes_of(element.properties)) > 1 else ""
        return replace(stop, then=tuple(self._stops(step, new, open_at)), assumed=named)

    def _done(
        self, key: str, variables: Mapping[str, Any], knows: _Known, *, back_to: str | None
    ) -> tuple[Step, list[Wait], "_Open"]:
        step = look_at(self.setup, self.connection, self.row, actor=self.actor)
        wait = step.before[key]
        toward = back_to if back_to and step.execution.skips(wait.token, back_to) else None
        before = set(step.before) - {key}
        open_at = _go_on(step, wait, variables, knows, toward=toward)
        return step, _new_waits(step, before, open_at), open_at

    def _stops(self, step: Step, waits: list[Wait], open_at: "_Open") -> list[Stop]:
        found = [self._stop(step, wait) for wait in waits if wait.element not in open_at.beyond]
        found += [Stop("open", one.id, one.name or one.id, (open_at.why,)) for one in open_at.elements]
        if found:
            return list(dict.fromkeys(found))
        if step.execution.ended:
            then = goes_on_above(self.setup, self.connection, self.row)
            ends = [Stop("end", one.id, one.name or "办结", then) for one in _ends(step)]
            return ends or [Stop("end", "", "办结", then)]
        return [Stop("join", "", "等待其他并行步骤")]

    def _stop(self, step: Step, wait: Wait) -> Stop:
        element = step.version.element(wait.element)
        name = element.name or element.id
        if wait.kind == "children":
            return Stop("children", element.id, name)
        if wait.kind != "user":
            return Stop("waiting", element.id, name)
        return Stop("user", element.id, name, self._who(step, wait, element))

    def _who(self, step: Step, wait: Wait, element: Element) -> tuple[str, ...]:
        try:
            desk = desk_of(step, wait.key, wait)
            named = self._named(desk, element)
            return tuple(dict.fromkeys(self._lies(desk, one) for one in named))
        except (NobodyAssigned, ExecutionFailed, FeelError):
            return ("现在还不能确定",)

    def _named(self, desk: Desk, element: Element) -> list[Candidate]:
        if vote_rule(element.properties) is not None:
            return signers_of(desk)
        mine = next((one.candidate for one in self.chosen if one.element_id == element.id), None)
        elements, names_of = desk.step.version.drawn.elements, self.row.visits.names_of
        earlier = mine or chosen_for(self.connection, self.row.id, element.id, elements, names_of=names_of)
        return [earlier] if earlier else candidates(element, desk.evaluate)

    def _lies(self, desk: Desk, meant: Candidate) -> str:
        """Where the work for `meant` would lie now, with the names of those who would have it."""
        place = place_of(
            self.connection,
            meant,
            on=desk.step.today,
            cycle_id=self.row.cycle_id,
            answers_unit_id=answers_for(desk.step),
            without=desk.apart,
        )
        return name_of_place(self.connection, place, on=desk.step.today, cycle_id=self.row.cycle_id)


def name_of_place(connection: Connection, place: Place, *, on: date, cycle_id: str) -> str:
    """Who has the work there: the person, or the post at its unit with a few of those who hold it."""
    if place.user_id is not None:
        row = NAMES.row(connection, "active_person", id=place.user_id)
        return str(row["name"]) if row else "（帐号停用）"
    row = NAMES.row(connection, "post_at_unit", unit_id=place.unit_id, post_key=place.post_key)
    desk = f"{row['place']} · {row['name']}" if row else f"{place.post_key}"
    at = (str(place.unit_id), str(place.post_key))
    people = [one.name for one in holders(connection, *at, on=on, cycle_id=cycle_id)]
    more = "等" if len(people) > MOST_NAMES else ""
    return f"{desk}（{'、'.join(people[:MOST_NAMES])}{more}）" if people else desk


@dataclass(frozen=True)
class _Open:
    """Gateways whose answer is not known yet, and every element beyond them.

    `failed`: the copy could not go on without what a program would give, and is of no use any more.
    """

    elements: tuple[Element, ...] = ()
    beyond: frozenset[str] = frozenset()
    why: str = ""
    failed: bool = False


def _go_on(
    step: Step, wait: Wait, variables: Mapping[str, Any], knows: _Known, *, toward: str | None = None
) -> _Open:
    """Do the task on the copy, and what programs do after it; where the way was not known."""
    execution, known, begun = step.execution, knows, len(step.execution.path)
    try:
        execution.complete(wait.token, variables, toward=toward)
        execution.run()
        for _ in range(MOST_JOBS):
            jobs = [
                one for one in execution.waits().values() if one.kind == "job" and one.key not in step.before
            ]
            if not jobs:
                break
            known = _Known(known.names, all=False)
            execution.complete(jobs[0].token, {})
            execution.run()
    except (ExecutionFailed, FeelError) as failure:
        elements = step.version.drawn.elements
        element = elements.get(getattr(failure, "element", ""), elements[wait.element])
        return _Open((element,), frozenset(elements), "后面的去向要看系统办理的结果", failed=True)
    unsure = [one for one in _passed(step, begun) if not known.covers(*_conditions(step, one))]
    beyond = {one.id: _reachable(step, one) for one in unsure}
    first = [one for one in unsure if not any(one.id in beyond[other.id] for other in unsure if other != one)]
    everything = frozenset(name for names in beyond.values() for name in names)
    return _Open(tuple(first or unsure[:1]), everything, "现在还不能确定，要看办理中填的内容和系统的结果")


def _passed(step: Step, begun: int) -> list[Element]:
    """The elements that the copy has left by a choice since a place in its path, in order."""
    elements = step.version.drawn.elements
    left = [place for place, how in step.execution.path[begun:] if how == "left" and place in elements]
    return [elements[one] for one in dict.fromkeys(left) if any(_conditions(step, elements[one]))]


def _conditions(step: Step, element: Element) -> list[str]:
    flows = step.version.drawn.flows
    return [text for one in element.outgoing if (text := flows[one].condition)]


def _reachable(step: Step, start: Element) -> frozenset[str]:
    drawn, seen, ways = step.version.drawn, set[str](), [start]
    while ways:
        for following in drawn.after(ways.pop()):
            if following.id not in seen:
                seen.add(following.id)
                ways.append(following)
                ways += drawn.children(following.id) if following.kind == "subProcess" else []
    return frozenset(seen)


def _new_waits(step: Step, before: Iterable[str], open_at: _Open) -> list[Wait]:
    """What the copy waits for newly: people, called processes, events in the flow."""
    if open_at.failed:
        return []
    old = set(before)
    return [wait for key, wait in step.execution.waits().items() if key not in old and _counts(step, wait)]


def _counts(step: Step, wait: Wait) -> bool:
    return wait.kind in ("user", "children") or step.version.element(wait.element).kind in _CATCHES


def _ends(step: Step) -> Iterator[Element]:
    elements = step.version.drawn.elements
    for place, how in step.execution.path:
        if how == "entered" and place in elements and elements[place].kind == "endEvent":
            yield elements[place]


def _names(text: str) -> frozenset[str]:
    body = body_of(text)
    called = set(_CALLED.findall(body))
    return frozenset(compile_expression(body).free_names) - called
