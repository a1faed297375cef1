"""What the templates print: plain values, ready to be escaped; every decision is made before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from markupsafe import Markup

Mode = Literal["edit", "read", "print"]


@dataclass(frozen=True, slots=True)
class FileLink:
    """An attached file as the page shows it: `size` in words, `url` where it can be fetched."""

    id: str
    name: str
    size: str = ""
    url: str = ""


@dataclass(slots=True)
class ChoiceView:
    """One option."""

    token: str
    label: str
    chosen: bool


@dataclass(slots=True)
class View:
    """One component. `name` is the field's path and the input's name, `shown` its value in words."""

    kind: str
    id: str
    name: str
    label: str = ""
    description: str = ""
    span: int = 16
    required: bool = False
    locked: bool = False
    error: str = ""
    value: str = ""
    shown: str = ""
    checked: bool = False
    input_type: str = "text"
    step: str = ""
    prefix: str = ""
    suffix: str = ""
    max_length: int | None = None
    accept: str = ""
    multiple: bool = False
    affects: bool = False
    outline: bool = False
    height: int = 0
    choices: list[ChoiceView] = field(default_factory=list)
    files: list[FileLink] = field(default_factory=list)
    html: Markup = field(default_factory=Markup)
    lines: list[list[View]] = field(default_factory=list)
    listing: ListView | None = None
    columns: list[str] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)

    @property
    def described_by(self) -> str:
        """The ids of the sentences that belong to the input."""
        ids = [f"{self.id}-hint"] if self.description else []
        return " ".join([*ids, f"{self.id}-error"] if self.error else ids)


@dataclass(slots=True)
class RowView:
    """One row of a dynamic list. `number` counts from 1, None in the row for new rows.

    `title` is what the form says a row is called, empty where its number has to do.
    """

    name: str
    number: int | None
    title: str
    mark: str
    locked: bool
    removable: bool
    lines: list[list[View]]
    cells: list[View | None]


@dataclass(slots=True)
class ListView:
    """A dynamic list. `fresh` is an empty row for the browser; `level` its depth among lists."""

    name: str
    level: int
    as_table: bool
    heads: list[str]
    rows: list[RowView]
    may_add: bool
    fresh: RowView | None
