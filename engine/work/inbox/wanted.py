"""What is asked of a list: words to find, filters, and the order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.work.searching import search_pattern

DUE_WINDOWS = ("late", "today", "week", "none")
"""Overdue; due today; due within seven days from today; without a deadline."""


@dataclass(frozen=True)
class Sort:
    """An order of open work by columns with values of `kinds`, then the id; the same direction in all."""

    columns: tuple[str, ...]
    kinds: tuple[type, ...]
    down: bool = False

    @property
    def id(self) -> str:
        """The id as it is ordered by. Alone it is no plain column: a database must not walk through the work
        of all by id to find one person's.
        """
        return "w.id" if self.columns else "w.id || ''"

    @property
    def places(self) -> tuple[str, ...]:
        """What stands for the columns where rows of several queries are put together."""
        return tuple(f"place_{number}" for number in range(len(self.columns)))


SORTS: Mapping[str, Sort] = {
    "due": Sort(("w.rank", "w.order_at"), (int, datetime)),
    "new": Sort((), (), down=True),
    "unit": Sort(("w.subject_name", "w.order_at"), (str, datetime)),
    "process": Sort(("w.process_key", "w.order_at"), (str, datetime)),
}
"""Urgent and late first; the newest first, for ids grow with time; by the unit it is about; by process."""
DEFAULT_SORT = "due"


@dataclass(frozen=True)
class Wanted:
    """A list as it is asked for; empty values ask nothing. `unit` is the unit that work is about.

    `due` is one of DUE_WINDOWS and needs `today`, the civil date of business. `named` are the units (ids)
    that each of the words names, besides what is written on the work itself.
    """

    search: str = ""
    process: str = ""
    unit: str = ""
    year: int | None = None
    due: str = ""
    returned: bool = False
    urged: bool = False
    unread: bool = False
    sort: str = DEFAULT_SORT
    today: date = date.min
    named: tuple[tuple[str, ...], ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """Patterns for `search_text`; each must be found."""
        return tuple(search_pattern(word) for word in self.search.split()[:5])

    @property
    def narrowed(self) -> bool:
        """Whether rows are left out, in whatever list."""
        return bool(
            self.search or self.process or self.unit or self.year
            or self.due or self.returned or self.urged or self.unread
        )  # fmt: skip

    def of_open(self) -> tuple[list[str], dict[str, object]]:
        """The conditions on a work item `w`, and the values of their parameters."""
        parts, values = self._common("w")
        parts += ["w.returned_from is not null"] if self.returned else []
        parts += ["w.urged_at is not null"] if self.urged else []
        parts += ["w.opened_at is null"] if self.unread else []
        if self.due == "none":
            parts.append("w.due_on is null")
        elif self.due:
            first, last = self._window()
            parts.append("w.due_on between :due_first and :due_last")
            values |= {"due_first": first, "due_last": last}
        return parts, values

    def of_past(self, also: str = "") -> tuple[list[str], dict[str, object]]:
        """The same on an instance `i`: what past work can be asked. Words may stand in `also` too."""
        return self._common("i", also)

    def _common(self, table: str, also: str = "") -> tuple[list[str], dict[str, object]]:
        parts: list[str] = []
        values: dict[str, object] = {}
        texts = [f"{table}.search_text", *([also] if also else [])]
        for number, word in enumerate(self.words):
            found = [f"{text} like :word_{number} escape '\\'" for text in texts]
            values[f"word_{number}"] = word
            if number < len(self.named) and self.named[number]:
                marks = {f"named_{number}_{place}": unit for place, unit in enumerate(self.named[number])}
                found.append(f"{table}.subject_unit_id in ({', '.join(f':{mark}' for mark in marks)})")
                values |= marks
            parts.append(f"({' or '.join(found)})")
        for column, value in (
            ("process_key", self.process),
            ("subject_unit_id", self.unit),
            ("year", self.year),
        ):
            if value:
                parts.append(f"{table}.{column} = :only_{column}")
                values[f"only_{column}"] = value
        return parts, values

    def _window(self) -> tuple[date, date]:
        if self.due == "late":
            return date.min, self.today - timedelta(days=1)
        return self.today, self.today + timedelta(days=7 if self.due == "week" else 0)
