"""Why two versions go different ways: the first choice that they make differently, with what it looked at."""

from collections.abc import Callable, Iterable
from typing import Any

import orjson

from engine.bpmn.model import Element, Flow
from engine.bpmn.script import body_of
from engine.feel import FeelError, codec, compile_expression
from engine.runtime.replaying.lane import Lane

LONGEST = 60


def reason(old: Lane, new: Lane, name: Callable[[str], str]) -> tuple[str, tuple[str, ...]]:
    """One sentence, and the data that it rests on. `name` gives an old element's new id."""
    back = {name(one): one for one in old.process.model.elements}
    for element in _choosing(new):
        before = old.process.model.elements.get(back.get(element.id, ""))
        taken = _taken(new, element)
        was = _taken(old, before) if before is not None else []
        if before is None or {flow.target for flow in taken} != {name(flow.target) for flow in was}:
            return _sentence(old, new, element, taken, was)
    for before in _choosing(old):
        if new.process.model.elements.get(name(before.id)) is None:
            way = _way(old, _taken(old, before))
            return f"旧版在“{before.name or before.id}”分路（{way}），新版没有这个判断。", ()
    return "图上这里的去向改了。", ()


def _choosing(lane: Lane) -> Iterable[Element]:
    """The elements that chose among ways in the last step, in order."""
    for place, what in lane.path:
        element = lane.process.model.elements.get(place)
        chooses = element is not None and element.kind != "parallelGateway" and len(element.outgoing) > 1
        if what == "left" and element is not None and chooses:
            yield element


def _taken(lane: Lane, element: Element | None) -> list[Flow]:
    flows = lane.process.model.flows
    taken = [flows[place] for place, what in lane.path if what == "taken"]
    return [flow for flow in taken if element is not None and flow.source == element.id]


def _sentence(
    old: Lane, new: Lane, element: Element, taken: list[Flow], was: list[Flow]
) -> tuple[str, tuple[str, ...]]:
    said = f"“{element.name or element.id}”在新版里{_way(new, taken)}"
    if was:
        said += f"；当时{_way(old, was)}"
    names = _names([*taken, *was, *_others(new, element)])
    return f"{said}。", tuple(filter(None, (_value(old, new, one) for one in names)))


def _others(lane: Lane, element: Element) -> list[Flow]:
    return [lane.process.model.flows[flow] for flow in element.outgoing]


def _way(lane: Lane, flows: list[Flow]) -> str:
    elements = lane.process.model.elements
    ways = []
    for flow in flows:
        target = elements[flow.target]
        because = f"因为 {body_of(flow.condition).strip()} 成立" if flow.condition else "因为其他条件都不成立"
        ways.append(f"{because}，走向“{target.name or target.id}”")
    return "、".join(ways) or "没有去向"


def _names(flows: list[Flow]) -> list[str]:
    """The variables that the conditions look at."""
    found: list[str] = []
    for flow in flows:
        if flow.condition:
            try:
                found += sorted(compile_expression(body_of(flow.condition)).free_names)
            except FeelError:
                continue
    return list(dict.fromkeys(found))


def _value(old: Lane, new: Lane, name: str) -> str:
    mine, theirs = _root(new).get(name), _root(old).get(name)
    if mine is None and theirs is None:
        return ""
    return f"{name} = {_text(mine)}" if mine == theirs else f"{name} 当时 {_text(theirs)}，现在 {_text(mine)}"


def _root(lane: Lane) -> dict[str, Any]:
    return lane.execution.results() if lane.execution is not None else {}


def json_of(value: Any) -> str:
    """As programs write it: true, null, lists and contexts."""
    return orjson.dumps(value).decode()


def _text(value: Any) -> str:
    plain = codec.to_json(value)
    text = f"“{value}”" if isinstance(value, str) else plain if isinstance(plain, str) else json_of(plain)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
