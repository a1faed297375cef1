"""Who gets a user task: the diagram's assignment, read as posts and people.

`assignee` and a lane's or task's `bihuan:post` go straight to a person or a post's holders;
`candidateGroups` wait until one of the group takes them (认领).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.bpmn.model import Element
from engine.people.posts import parse_reference

Evaluate = Callable[[str], Any]
"""Evaluates text of the diagram (with or without `=`) in the task's scope."""


class NobodyAssigned(Exception):
    """The diagram names nobody for a task, or something that is no person and no post."""

    def __init__(self, element: Element, said: object) -> None:
        super().__init__(f"任务“{element.name}”没有可用的办理人（{said!r}）；请在泳道或任务上设置岗位")
        self.element_id = element.id


@dataclass(frozen=True)
class Candidate:
    """One who may act: a person, or whoever holds a post at a unit."""

    user_id: str | None = None
    unit_id: str | None = None
    post_key: str | None = None
    claim_first: bool = False


def candidates(element: Element, evaluate: Evaluate) -> list[Candidate]:
    """Everyone the diagram names for `element`, each once. Raises `NobodyAssigned`."""
    found: list[Candidate] = []
    if element.assignee:
        found.append(candidate_of(element, evaluate(element.assignee), claim_first=False))
    if element.candidate_users:
        for user in _texts(evaluate(element.candidate_users)):
            found.append(Candidate(user_id=user))
    if element.candidate_groups:
        for group in _texts(evaluate(element.candidate_groups)):
            found.append(candidate_of(element, group, claim_first=True))
    if not found and element.post:
        found.append(candidate_of(element, evaluate(element.post), claim_first=False))
    if not found:
        raise NobodyAssigned(element, None)
    return list(dict.fromkeys(found))


def candidate_of(element: Element, said: object, *, claim_first: bool) -> Candidate:
    """The person or post that the diagram's FEEL has named. Raises `NobodyAssigned`."""
    if not isinstance(said, str) or not said.strip():
        raise NobodyAssigned(element, said)
    if "#" not in said:
        return Candidate(user_id=said.strip())
    reference = parse_reference(said.strip())
    return Candidate(unit_id=reference.unit_id, post_key=reference.post_key, claim_first=claim_first)


def listed(element: Element, said: object) -> list[Candidate]:
    """Whom FEEL has named: one, or lists of them however deep; each once. Raises `NobodyAssigned`."""
    return list(dict.fromkeys(candidate_of(element, one, claim_first=False) for one in _flat(said)))


def _flat(said: object) -> list[object]:
    return [one for part in said for one in _flat(part)] if isinstance(said, list) else [said]


def _texts(said: object) -> list[str]:
    parts = said.split(",") if isinstance(said, str) else said
    if not isinstance(parts, list):
        return []
    return [part.strip() for part in parts if isinstance(part, str) and part.strip()]
