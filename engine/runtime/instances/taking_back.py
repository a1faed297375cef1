"""撤回: what came of somebody's submission, found in the records of the steps since; and undone.

Whatever stands on a token that the submission made, or that came of one of those, comes after it. Branches
beside it are none of its business, until they have joined what came of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from engine.audit.covering import ERASED
from engine.bpmn.undoing import Undoing
from engine.runtime.instances.lasting import TooLate, check_undoable, check_untouched
from engine.runtime.steps import closing, marks
from engine.runtime.steps.reseating import Seated
from engine.runtime.steps.rows import Mark
from engine.runtime.steps.sharing import stored_value
from engine.runtime.steps.step import Step
from engine.store import Queries, Row
from engine.store.texts import json_text

QUERIES = Queries(Path(__file__).with_name("taking_back.sql"))
HARMLESS = frozenset({"subProcess", "transaction"})
"""What may be put back when the submission has ended it: it holds no work of its own."""
BARRIERS = frozenset({"migrate", "migrate_back", "reopen", "start"})


class Unrecorded(TooLate):
    """The submission moved no token, or what it did was erased."""


@dataclass(frozen=True)
class Past:
    """What one step was told and did, as it was recorded."""

    seq: int
    told: Sequence[Sequence[Any]]
    began: int
    counter: int
    gone: Sequence[Sequence[Any]]
    before: Sequence[Sequence[Any]]
    events: Sequence[str]
    superseding: Sequence[str]
    mark: Mark | None = None
    """How the task that was handed in had been sent back."""
    marks: Mapping[str, Mark | None] = field(default_factory=dict)
    """What waited before for tasks that open later (`engine.runtime.steps.marks`)."""
    seated: Mapping[str, Any] | None = None
    """The seats of the step that it ended (`engine.runtime.steps.reseating`)."""
    outward: bool = False
    """Has it thrown a signal, or told its caller something?"""

    @classmethod
    def read(cls, seq: int, told: Sequence[Sequence[Any]], done: Mapping[str, Any]) -> "Past":
        """As `engine.runtime.replaying.recording` has written it."""
        began, counter = done["n"]
        return cls(
            seq,
            told,
            began,
            counter,
            gone=done["g"],
            before=done["v"],
            events=done["e"],
            superseding=done["x"],
            mark=done.get("m"),
            marks=done.get("r", {}),
            seated=done.get("w"),
            outward="o" in done,
        )

    @property
    def keys(self) -> set[int]:
        """The tokens that were told something."""
        return {int(key) for _, _, key, _ in self.told if str(key).isdigit()}

    @property
    def verbs(self) -> set[str]:
        return {str(one[0]) for one in self.told}

    @property
    def undone(self) -> set[int]:
        """The steps that this one took back."""
        said = [data for verb, _, _, data in self.told if verb == "take_back"]
        return {int(one) for data in said for one in orjson.loads(_text(data["undoing"])).get("steps", ())}


@dataclass
class Line:
    """A submission and all that came of it, in order; `others` are variables that somebody else has set,
    `others_marks` the tasks that somebody else has sent back or opened since."""

    own: Past
    steps: list[Past] = field(default_factory=list)
    others: set[tuple[str, str]] = field(default_factory=set)
    others_marks: set[str] = field(default_factory=set)

    def holds(self, number: int) -> bool:
        """Did the submission make this token, or what came of it?"""
        return any(one.began < number <= one.counter for one in self.steps)


def line_of(step: Step, event_id: str) -> Line:
    """Everything that came of the submission with this event. Raises `TooLate`."""
    records = _since(step, event_id)
    undone = {seq for one in records for seq in one.undone}
    line = Line(records[0], [records[0]])
    for past in records[1:]:
        _follow(step, line, past, undone=undone)
    if any(past.outward and past.seq not in undone for past in line.steps):
        raise TooLate("流程随这次提交发出了信号，别的流程已经收到，不能撤回。")
    return line


def _follow(step: Step, line: Line, past: Past, *, undone: set[int]) -> None:
    if past.verbs & BARRIERS:
        raise TooLate("流程此后换过版本或重新开启，不能撤回。")
    again = bool({one.seq for one in line.steps} & past.undone)
    if again or any(line.holds(key) for key in past.keys):
        if past.seq not in undone and not again:
            _check_nobody_acted(step, past)
        line.steps.append(past)
    elif any(line.holds(int(row[0])) for row in past.gone):
        raise TooLate(f"{_who(step, past)}办理后各分支已经汇合或转走，不能单独撤回；可请下一环节退回。")
    else:
        line.others |= {(scope, name) for scope, name, _ in past.before}
        line.others_marks |= past.marks.keys()


def _check_nobody_acted(step: Step, past: Past) -> None:
    if past.events:
        raise TooLate(f"{_who(step, past)}已经办理，不能撤回；可请对方退回。")
    for verb, element_id, _, _ in past.told:
        element = step.version.drawn.elements.get(element_id)
        if element is not None and element.kind in ("userTask", "manualTask"):
            raise TooLate(f"“{element.name}”已到期自动处理，不能撤回。")
        if verb == "receive":
            raise TooLate("流程此后收到了消息，不能撤回。")
        if element is not None:
            check_undoable(step, element)


def _who(step: Step, past: Past) -> str:
    names = [row["person_name"] for row in QUERIES.rows(step.connection, "names", ids=_json(past.events))]
    return "、".join(dict.fromkeys(names)) or "系统"


def _since(step: Step, event_id: str) -> list[Past]:
    """The record of the submission, and those after it."""
    found: list[Past] = []
    for row in QUERIES.rows(step.connection, "records", instance_id=step.row.id):
        if row["told_text"].startswith(ERASED):
            break
        said = orjson.loads(row["told_text"])
        if "t" not in said:
            continue
        done = said.get("u")
        if done is None:
            break
        past = Past.read(row["seq"], said["t"], done)
        found.append(past)
        if event_id in past.events:
            return found[::-1]
    raise Unrecorded("这次提交没有留下可以撤回的记录。")


def check_open_work(step: Step, line: Line, *, person_id: str) -> None:
    """Raises `TooLate` when what waits because of the submission is no longer as it made it."""
    joined = [str(key) for past in line.steps for verb, _, key, _ in past.told if verb == "children"]
    check_untouched(
        step, [*(key for key in step.before if line.holds(int(key))), *joined], person_id=person_id
    )


def undoing_of(step: Step, line: Line) -> tuple[Undoing, dict[str, Any]]:
    """What has to be done, and the variables as they were (`scope/name`). Raises `TooLate`."""
    living = step.execution.living()
    mine = int(next(key for _, _, key, _ in line.own.told))
    cancel = [number for number in living if line.holds(number) and not line.holds(living[number])]
    if mine in living:  # kept, because it could be undone by the diagram
        cancel.append(mine)
    own_row = next((row for row in line.own.gone if int(row[0]) == mine), None)
    if own_row is None:
        raise TooLate("这次提交没有留下可以撤回的记录。")
    resumes = line.own.seated is not None
    restore = _put_back(step, line, mine, resumes=resumes)
    place = {int(row[0]) for row in restore} | living.keys() | {0}
    if int(own_row[2]) not in place:
        raise TooLate("它所在的子流程已经结束，不能撤回。")
    values, forget = _variables(step, line, scopes={str(one) for one in place} | {""})
    steps = [one.seq for one in line.steps]
    return Undoing(str(own_row[1]), int(own_row[2]), cancel, restore, forget, steps, resumes), values


def _put_back(step: Step, line: Line, mine: int, *, resumes: bool) -> list[list[Any]]:
    """Tokens from before that went by the submission: arrivals, listeners, scopes; none that had work, but
    for its own where the visit `resumes`."""
    gone = [row for past in line.steps for row in past.gone if not line.holds(int(row[0]))]
    numbers = {int(row[0]) for row in gone}
    for row in gone:
        if int(row[0]) == mine or int(row[2]) == mine:
            continue
        token = step.version.drawn.elements.get(str(row[1]))
        parked = len(row) > 4 and "b" in row[4]
        listens = token is not None and (token.attached_to is not None or token.kind == "startEvent")
        if not (parked or listens or (token is not None and token.kind in HARMLESS)):
            name = token.name if token is not None else row[1]
            raise TooLate(f"这次提交同时结束了“{name}”，不能撤回。")
    assert mine in numbers
    return [list(row) for row in gone if resumes or mine not in (int(row[0]), int(row[2]))]


def _variables(step: Step, line: Line, *, scopes: set[str]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    values: dict[str, Any] = {}
    forget: list[tuple[str, str]] = []
    seen: set[tuple[str, str]] = set(line.others)
    for past in line.steps:
        for scope, name, text in past.before:
            if (scope, name) in seen or scope not in scopes:
                continue
            seen.add((scope, name))
            if text is None:
                forget.append((scope, name))
            else:
                values[f"{scope}/{name}"] = stored_value(step.connection, text)
    return values, forget


def take_back(step: Step, line: Line) -> None:
    """Undo it in memory; the caller finishes the step. Raises `TooLate`."""
    undoing, values = undoing_of(step, line)
    own = str(next(key for _, _, key, _ in line.own.told))
    said = orjson.dumps(undoing.__dict__).decode()
    kept = [past for past in line.steps if "take_back" not in past.verbs]  # what was taken back stays so
    closing.reinstate(step, [one for past in kept for one in past.superseding])
    _put_marks_back(step, line)
    if line.own.seated is not None:
        place = {"cycle_id": step.row.cycle_id, "instance_id": step.row.id}
        step.seats_back = Seated.read(line.own.seated, **place)
    step.execution.take_back(own, undoing=said, variables=values)


def _put_marks_back(step: Step, line: Line) -> None:
    """Tasks that open later bear the marks that they bore before the submission."""
    seen = set(line.others_marks)
    for past in line.steps:
        for element_id, mark in past.marks.items():
            if element_id not in seen:
                seen.add(element_id)
                marks.put(step, element_id, mark)


def _json(values: Sequence[str]) -> str:
    return json_text(list(values))


def _text(stored: Any) -> str:
    """A text that was written as a variable's."""
    found = orjson.loads(stored) if isinstance(stored, str) and stored.startswith('"') else stored
    return str(found)


__all__ = ["Line", "Past", "Row", "TooLate", "check_open_work", "line_of", "take_back", "undoing_of"]
