"""What a form is made of: frozen, ready to use, without any JSON left inside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

from forms.expressions import Condition, Template

INPUTS: Final = frozenset(
    {
        "textfield",
        "textarea",
        "number",
        "datetime",
        "select",
        "radio",
        "checkbox",
        "checklist",
        "taglist",
        "filepicker",
        "expression",
    }
)
CHOICES: Final = frozenset({"select", "radio", "checklist", "taglist"})
SEVERAL: Final = frozenset({"checklist", "taglist", "filepicker"})
CONTAINERS: Final = frozenset({"group", "dynamiclist"})
SHOWN: Final = frozenset({"text", "table", "separator", "spacer", "button"})
KINDS: Final = INPUTS | CONTAINERS | SHOWN

NO_TEXT: Final = Template()

Bound = Decimal | Condition | None
Switch = bool | Condition


@dataclass(frozen=True, slots=True)
class Rules:
    """What a value must satisfy. Lengths count characters; bounds may be FEEL, those of days always are."""

    required: Switch = False
    min: Bound = None
    max: Bound = None
    min_length: Bound = None
    max_length: Bound = None
    pattern: str | None = None
    shape: Literal["email", "phone"] | None = None
    decimals: int | None = None
    past_allowed: bool = True
    earliest: Condition | None = None
    latest: Condition | None = None
    min_rows: int = 0
    max_rows: int = 500


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose; `value` is stored, `token` is what the browser posts."""

    token: str
    value: object
    label: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table component."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Look:
    """What only the page needs to know."""

    columns: int | None = None
    row: str = ""
    prefix: Template = NO_TEXT
    suffix: Template = NO_TEXT
    step: Decimal | None = None
    height: int = 0
    accept: str = ""
    outline: bool = False
    rows_as: Literal["", "table", "cards"] = ""
    row_title: Template = NO_TEXT
    table_columns: tuple[Column, ...] = ()
    table_columns_from: Condition | None = None
    page_rows: int = 0


@dataclass(frozen=True, slots=True)
class Component:
    """A component of a form.

    `at` is its place in the file, `key` its path below the enclosing scope (empty for what holds
    no data and for groups without a path), `local` the path from the enclosing row (or the form's
    root), `path` the path from the form's root without row numbers. `texts` holds label,
    description and text per language, and the sentences for a day out of bounds (earliest, latest).
    """

    kind: str
    id: str
    at: str
    key: tuple[str, ...] = ()
    local: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    texts: Mapping[tuple[str, str], Template] = field(default_factory=dict)
    rules: Rules = Rules()
    look: Look = Look()
    default: object = None
    hide: Condition | None = None
    readonly: Switch = False
    options: tuple[Option, ...] | None = None
    options_from: Condition | None = None
    source: Condition | None = None
    subtype: str = "date"
    as_string: bool = False
    multiple: bool = False
    may_add: bool = True
    first_rows: int = 1
    children: tuple[Component, ...] = ()

    def text(self, name: str, language: str = "zh") -> Template:
        """The template of `label`, `description` or `text` in a language, Chinese when missing."""
        return self.texts.get((name, language)) or self.texts.get((name, "zh")) or NO_TEXT

    @property
    def holds_data(self) -> bool:
        """Whether a value of the form's data belongs to this component."""
        return self.kind in INPUTS or self.kind == "dynamiclist"

    def own_fields(self) -> Iterator[Component]:
        """The fields and lists of this scope: groups are looked into, lists are not."""
        for child in self.children:
            if child.kind == "group":
                yield from child.own_fields()
            elif child.holds_data:
                yield child
