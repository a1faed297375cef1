"""A list of work as its address asks for it: which one, words, filters, order, columns, and which page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from engine.work.inbox import DUE_WINDOWS, SORTS, Wanted

TABS = ("mine", "claimable", "done", "started", "copies", "following")
OPEN = ("mine", "claimable")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(OPEN, ("step", "from", "due", "unit", "process", "year", "received")),
    "done": ("step", "at", "unit", "process", "year", "state"),
    "started": ("state", "at", "unit", "process", "year"),
    "copies": ("from", "text", "at", "state", "unit", "process", "year"),
    "following": ("state", "at", "unit", "process", "year"),
}
"""The columns that each list can show beside the title."""
SHOWN: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(OPEN, ("step", "from", "due")),
    "done": ("step", "at"),
    "started": ("state", "at"),
    "copies": ("from", "text", "at"),
    "following": ("state", "at"),
}
"""Those it shows unless somebody chooses."""
FLAGS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(OPEN, ("returned", "urged", "unread")),
    "copies": ("unread",),
}
_LONGEST = 60
_LONGEST_CURSOR = 1_500


@dataclass(frozen=True)
class Asked:
    """What an address asks; anything that it cannot mean is left out, so that an old bookmark still opens."""

    tab: str
    wanted: Wanted
    columns: tuple[str, ...]
    after: str | None = None
    before: str | None = None

    @property
    def parameters(self) -> dict[str, str]:
        """All but the list's name and the page, and what goes without saying: a saved filter keeps this."""
        wanted = self.wanted
        said = {
            "search": wanted.search,
            "process": wanted.process,
            "unit": wanted.unit,
            "year": str(wanted.year or ""),
            "due": wanted.due,
            **{flag: "1" if getattr(wanted, flag) else "" for flag in ("returned", "urged", "unread")},
            "sort": "" if wanted.sort == "due" else wanted.sort,
            "columns": "" if self.columns == SHOWN[self.tab] else ",".join(self.columns),
        }
        return {name: value for name, value in said.items() if value}

    def address(self, path: str = "/inbox", **changed: str) -> str:
        """The address of the same list with parameters changed ("" leaves one out), at its first page."""
        said = {"tab": self.tab, **self.parameters, **changed}
        return f"{path}?{urlencode({name: value for name, value in said.items() if value})}"


def asked_of(given: Mapping[str, str], *, today: date) -> Asked:
    """What the parameters of an address ask. An unknown list is the first one."""
    tab = given.get("tab", "")
    tab = tab if tab in TABS else TABS[0]
    flags = [name for name in FLAGS.get(tab, ()) if given.get(name) == "1"]
    due, sort, year = given.get("due", ""), given.get("sort", ""), given.get("year", "")
    wanted = Wanted(
        search=" ".join(given.get("search", "").split())[:_LONGEST],
        process=given.get("process", "")[:200],
        unit=given.get("unit", "")[:36],
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
        due=due if due in DUE_WINDOWS and tab in OPEN else "",
        sort=sort if sort in SORTS and tab in OPEN else "due",
        today=today,
        returned="returned" in flags,
        urged="urged" in flags,
        unread="unread" in flags,
    )
    chosen = [name for name in given.get("columns", "").split(",") if name in COLUMNS[tab]]
    columns = tuple(name for name in COLUMNS[tab] if name in chosen) if chosen else SHOWN[tab]
    after, before = (given.get(name, "")[:_LONGEST_CURSOR] or None for name in ("after", "before"))
    return Asked(tab, wanted, columns, after, before)
