"""What exists beside the files being linted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

ENGINE_HANDLERS = frozenset({"bihuan:publish", "bihuan:mail", "bihuan:webhook"})
"""Job types that the engine itself runs."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Names that a diagram may refer to. None instead of a set: that kind is not checked.

    `posts` are post keys ("liaison", "office.reviewer"), `functions` FEEL functions beside the standard's and
    the runtime's own, `messages` names that some process waits for.
    """

    forms: frozenset[str] | None = None
    decisions: frozenset[str] | None = None
    processes: frozenset[str] | None = None
    posts: frozenset[str] | None = None
    handlers: frozenset[str] | None = None
    records: frozenset[str] | None = None
    functions: frozenset[str] | None = None
    messages: frozenset[str] | None = None
    calls: frozenset[str] | None = None
    """`caller>called`: which process calls which."""
    undoable: frozenset[str] | None = None
    """Processes in which something is drawn that undoes steps."""
    form_judge: str = ""
    """`module:function` of the product that says what else is wrong with a form file; "" asks nobody."""

    def widened(
        self,
        *,
        forms: Iterable[str] = (),
        decisions: Iterable[str] = (),
        processes: Iterable[str] = (),
        messages: Iterable[str] = (),
    ) -> "Catalogue":
        """With the names that the files themselves bring; a kind that is not checked stays unchecked."""
        return replace(
            self,
            forms=_plus(self.forms, forms),
            decisions=_plus(self.decisions, decisions),
            processes=_plus(self.processes, processes),
            messages=_plus(self.messages, messages),
        )

    def to_json(self) -> dict[str, list[str] | str | None]:
        """Plain lists, for handing over to another process."""
        names = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: sorted(held) if isinstance(held, frozenset) else held for name, held in names.items()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Catalogue":
        """The opposite of to_json."""
        given: dict[str, Any] = {
            name: frozenset(held) if isinstance(held, list) else held for name, held in data.items()
        }
        return cls(**given)


def _plus(known: frozenset[str] | None, more: Iterable[str]) -> frozenset[str] | None:
    return None if known is None else known | frozenset(more)
