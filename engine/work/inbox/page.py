"""Pages of a list: where one begins is said by the row beside it, so rows that come or go shift nothing."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

import orjson

from engine.store.types import instant_of, instant_text

RowType = TypeVar("RowType")
Key = tuple[int | str | datetime, ...]
"""Where a row of open work stands: the columns of the list's order, and its id."""


class BadCursor(ValueError):
    """A page's cursor that this list never gave out."""


@dataclass(frozen=True)
class Page(Generic[RowType]):
    """Some rows of a list, and the cursors of the pages beside it (None at an end).

    `partial`: a search went through the newest rows down to `next` only, and found less than a page there.
    """

    items: list[RowType]
    next: str | None
    previous: str | None = None
    partial: bool = False


@dataclass(frozen=True)
class Place:
    """Where to read: from a row on, back from a row, or (neither) from the beginning."""

    after: str | None = None
    before: str | None = None

    @property
    def backward(self) -> bool:
        """Whether the page ends, and does not begin, at its cursor."""
        return self.before is not None and self.after is None

    @property
    def cursor(self) -> str | None:
        """The row beside the page."""
        return self.before if self.backward else self.after


def page_of(
    rows: Sequence[RowType], place: Place, *, limit: int, cursor: Callable[[RowType], str]
) -> Page[RowType]:
    """The page of at most `limit` of `rows`: read in the direction of `place`, one more than that."""
    more, kept = len(rows) > limit, list(rows[:limit])
    if place.backward:
        kept.reverse()
    if not kept:
        return Page([], None, place.cursor if place.cursor and not place.backward else None)
    before = more if place.backward else bool(place.cursor)
    after = bool(place.cursor) if place.backward else more
    return Page(kept, cursor(kept[-1]) if after else None, cursor(kept[0]) if before else None)


def cursor_text(sort: str, key: Key) -> str:
    """A cursor of a list in the order `sort`."""
    parts = [instant_text(part) if isinstance(part, datetime) else part for part in key]
    return urlsafe_b64encode(orjson.dumps([sort, *parts])).decode().rstrip("=")


def cursor_key(sort: str, text: str, kinds: Sequence[type]) -> Key:
    """The key that `cursor_text` wrote; its parts before the id are of `kinds`. Raises BadCursor."""
    try:
        given, *parts = orjson.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if given != sort:
            raise BadCursor(text)
        return tuple(_part(part, kind) for part, kind in zip(parts, (*kinds, str), strict=True))
    except (ValueError, TypeError, AttributeError):
        raise BadCursor(text) from None


def _part(part: object, kind: type) -> int | str | datetime:
    if kind is datetime and isinstance(part, str):
        return instant_of(part)
    if isinstance(part, int | str) and type(part) is kind:
        return part
    raise BadCursor(str(part))
