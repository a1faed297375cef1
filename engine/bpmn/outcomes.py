"""`bihuan:outcomes`: the ways to finish a user task, one button each."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

SUBMIT = ("submit", "提交")


@dataclass(frozen=True)
class Outcome:
    """One button: the key that the diagram's conditions read, and the label that people read."""

    key: str
    label: str


def outcomes_of(properties: Mapping[str, str]) -> list[Outcome]:
    """The outcomes in the order drawn; one 提交 without any."""
    return list(_read(properties.get("bihuan:outcomes", "")))


@lru_cache(maxsize=500)
def _read(text: str) -> tuple[Outcome, ...]:
    pairs = [part.strip().partition(":") for part in text.split(",") if part.strip()]
    found = tuple(Outcome(key.strip(), label.strip() or key.strip()) for key, _, label in pairs)
    return found or (Outcome(*SUBMIT),)
