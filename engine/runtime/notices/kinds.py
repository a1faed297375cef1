"""The kinds of notices among which people choose; whatever the house writes belongs to one of them."""

from collections.abc import Mapping
from typing import Literal, get_args

Kind = Literal[
    "task",
    "returned",
    "urged",
    "due_soon",
    "overdue",
    "mentioned",
    "copied",
    "followed",
    "incident",
    "announcement",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
ABOUT_WORK: frozenset[Kind] = frozenset({"task", "returned", "urged", "due_soon", "overdue"})
"""What speaks of an open item: needless once it is closed, and told to a stand-in as well."""

_BY_NAME: Mapping[str, Kind] = {
    "vacant": "task",
    "back": "task",
    "hand_over": "task",
    "ask": "task",
    "answered": "task",
    "return_to": "returned",
    "taken_back": "returned",
    "urge": "urged",
    "urge_leader": "urged",
    "leaders.remind": "urged",
    "remind": "due_soon",
    "escalate": "overdue",
    "mention": "mentioned",
    "comment": "mentioned",
    "copy": "copied",
    "copy_to": "copied",
    "follow": "followed",
    "progress": "followed",
    "incident": "incident",
}
_BY_ENDING: Mapping[str, Kind] = {
    "soon_due": "due_soon",
    "overdue": "overdue",
    "overdue_units": "overdue",
    "returned": "returned",
    "remind": "due_soon",
}


def kind_of(name: str) -> Kind:
    """The kind to which a notice belongs that is written as `name`; what nothing else fits is announced."""
    return _BY_NAME.get(name) or _BY_ENDING.get(name.rpartition(".")[2], "announcement")
