"""The stored state of an instance: its living tokens and nothing else, as compact JSON.

No specs, no history, no variables, no predictions: a process with one open task is less than a hundred
bytes. Texts of users never enter it (but names and keys of messages and signals), so nothing in it can be
mistaken for an instruction on loading.

Layout (format 1): {"f": 1, "n": last token number, "e": 1 when ended, "r": queue when one stands,
"t": [[id, element, parent, state, more?], …]}, parents before children; in `more` b: arrived by flow,
d: [due, repeat, every, day], m: [message, key], s: signal, w: what to start, x: 1 when held,
c: whether a condition held, u: what it undoes, v: whom it serves, k: when it was completed and kept.
"""

from datetime import datetime
from typing import Any

import orjson

from engine.bpmn.due import Due
from engine.bpmn.failures import StateUnreadable
from engine.bpmn.library import TaskState
from engine.bpmn.tokens import ROOT_TOKEN, Token, Tokens

FORMAT = 1
LIVING = (TaskState.WAITING, TaskState.READY, TaskState.STARTED)


def encode(tokens: Tokens) -> bytes:
    """The state to store."""
    state: dict[str, Any] = {"f": FORMAT, "n": tokens.counter, "t": [_row(token) for token in tokens.each()]}
    if tokens.completed:
        state["e"] = 1
    queue = [int(token.id) for token in tokens.ready if token.alive and token.state == TaskState.READY]
    if queue:
        state["r"] = queue
    return orjson.dumps(state)


def decode(state: bytes, tokens: Tokens) -> None:
    """Fill fresh `tokens` from a stored state. Raises StateUnreadable."""
    try:
        data = orjson.loads(state)
    except orjson.JSONDecodeError as error:
        raise StateUnreadable("保存的流程状态已损坏") from error
    if not isinstance(data, dict) or data.get("f") != FORMAT:
        raise StateUnreadable("保存的流程状态格式不符")
    try:
        tokens.counter = int(data["n"])
        tokens.completed = bool(data.get("e"))
        for row in data["t"]:
            _restore(row, tokens)
        tokens.began = tokens.counter
        tokens.loaded = {int(row[0]): row for row in data["t"]}
        tokens.ready.extend(tokens.tasks[str(number)] for number in data.get("r", ()))
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise StateUnreadable("保存的流程状态不完整") from error


def _row(token: Token) -> list[Any]:
    row: list[Any] = [int(token.id), token.task_spec.name, int(token.parent.id), token.state]
    more: dict[str, Any] = {}
    if token.arrived_by is not None and token.state in (TaskState.WAITING, TaskState.FUTURE):
        more["b"] = token.arrived_by
    if token.held:
        more["x"] = 1
    if token.due is not None:
        due = token.due
        more["d"] = [due.at.isoformat(), due.repeat, due.every, *([due.day] if due.day else [])]
    if token.message is not None:
        more["m"] = list(token.message)
    if token.signal is not None:
        more["s"] = token.signal
    if token.named is not None:
        more["w"] = token.named
    if token.was_true is not None:
        more["c"] = int(token.was_true)
    if token.undo is not None:
        more["u"] = [int(number) for number in token.undo]
    if token.serves is not None:
        more["v"] = int(token.serves)
    if token.kept is not None:
        more["k"] = token.kept
    return [*row, more] if more else row


def _restore(row: list[Any], tokens: Tokens) -> None:
    number, element, parent, state, *rest = row
    more: dict[str, Any] = rest[0] if rest else {}
    living = (TaskState.COMPLETED,) if "k" in more else (*LIVING, TaskState.FUTURE) if "x" in more else LIVING
    scope = tokens.root if parent == int(ROOT_TOKEN) else tokens.tasks.get(str(parent))
    if element not in tokens.process.specs or scope is None or state not in living:
        raise StateUnreadable(f"流程定义中没有环节“{element}”，保存的状态无法继续", element=str(element))
    token = tokens.add(element, scope, state=state, id=str(number))
    fill(token, more)


def fill(token: Token, more: dict[str, Any]) -> None:
    """Give a token what was stored of it besides its place. Raises StateUnreadable."""
    tokens, element, state = token.workflow, token.element.id, token.state
    token.held = "x" in more
    token.arrived_by = more.get("b")
    if "d" in more:
        at, repeat, every, *day = more["d"]
        token.due = Due(datetime.fromisoformat(at), repeat, every, *day)
    if "m" in more:
        name, key = more["m"]
        token.message = (name, key)
    token.signal = more.get("s")
    token.named = more.get("w")
    token.was_true = bool(more["c"]) if "c" in more else None
    token.undo = [str(number) for number in more["u"]] if "u" in more else None
    token.serves = str(more["v"]) if "v" in more else None
    token.kept = more.get("k")
    flow = tokens.process.model.flows.get(token.arrived_by or "")
    if token.parked and (flow is None or flow.target != element):
        raise StateUnreadable(f"汇合“{element}”的来路已不在流程定义中", element=element)
    resting = token.parked or token.listens or token.kept is not None
    token.inside = not resting and state != TaskState.FUTURE
