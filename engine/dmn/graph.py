"""What requires what: order, circles, and what a decision needs."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from engine.dmn.findings import Finding
from engine.dmn.model import Decision, Definitions, Knowledge, Place, Service


def in_order(definitions: Definitions, findings: list[Finding]) -> list[str]:
    """All decisions, required ones first. Missing references and circles become findings."""
    known_inputs, decisions = definitions.inputs, definitions.decisions
    functions = {**definitions.knowledge, **definitions.services}
    for decision in decisions.values():
        _check(decision.inputs, known_inputs, decision.place, findings)
        _check(decision.decisions, decisions, decision.place, findings)
        _check(decision.knowledge, functions, decision.place, findings)
    for knowledge in definitions.knowledge.values():
        _check(knowledge.knowledge, functions, knowledge.place, findings)
    for service in definitions.services.values():
        _check(service.inputs, known_inputs, service.place, findings)
        _check(
            service.outputs + service.encapsulated + service.input_decisions,
            decisions,
            service.place,
            findings,
        )
    order: list[str] = []
    for key in decisions:
        _visit(key, decisions, order, findings)
    return order


def _check(
    keys: Iterable[str],
    known: dict[str, Decision] | dict[str, Knowledge | Service] | Collection[str],
    place: Place,
    findings: list[Finding],
) -> None:
    for key in keys:
        if key not in known:
            findings.append(
                Finding(
                    place.file,
                    place.line,
                    place.element,
                    f"需要“{key}”，但它不存在",
                    "重新连线",
                )
            )


def _visit(start: str, decisions: dict[str, Decision], order: list[str], findings: list[Finding]) -> None:
    done = set(order)
    if start in done:
        return
    way: list[tuple[str, list[str]]] = [(start, list(decisions[start].decisions))]
    while way:
        key, rest = way[-1]
        if not rest:
            way.pop()
            done.add(key)
            order.append(key)
            continue
        following = rest.pop()
        if following in done or following not in decisions:
            continue
        if any(following == earlier for earlier, _ in way):
            place = decisions[following].place
            findings.append(
                Finding(
                    place.file,
                    place.line,
                    place.element,
                    "决策之间循环依赖",
                    "去掉一条连线",
                )
            )
            continue
        way.append((following, list(decisions[following].decisions)))


def needed_for(wanted: Iterable[str], given: Collection[str], definitions: Definitions) -> set[str]:
    """The decisions that have to be made for the wanted ones, when some values are given."""
    needed: set[str] = set()
    waiting = list(wanted)
    while waiting:
        key = waiting.pop()
        if key in needed or key in given or key not in definitions.decisions:
            continue
        needed.add(key)
        waiting.extend(definitions.decisions[key].decisions)
    return needed
