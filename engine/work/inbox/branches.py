"""Finding a person's open work: each way in which it is theirs is followed by an index, then put together.

An "or" over desks and people makes a database read and sort all that lies there; a branch a way reads a page
of each, in order, from the index. Rows found twice (as their own, and as a stand-in's) count once.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from engine.people.persons import Person
from engine.people.visible import ConcernColumns, ThingColumns, Way, ways
from engine.store.database import Dialect
from engine.work.inbox.page import BadCursor, Key
from engine.work.inbox.wanted import SORTS, Sort, Wanted

ITEM = ThingColumns(
    cycle="w.cycle_id",
    process="w.process_key",
    concerns=(ConcernColumns(holder="w.assignee_id", unit="w.unit_id", post_key="w.post_key"),),
)
Tab = Literal["mine", "claimable"]
_APART = "w.id not in (select k.item_id from kept_apart k where k.person_id = :apart_from)"
_WAITING = "(w.claim_first and w.assignee_id is null)"
_NOT_TAKEN = (
    "not exists (select 1 from work_item o where o.instance_id = w.instance_id and o.wait_key = w.wait_key"
    " and o.id <> w.id and o.assignee_id is not null and (o.claim_first or exists"
    " (select 1 from work_event c where c.item_id = o.id and c.verb = 'claim'))"
    " and not exists (select 1 from signer s where s.item_id = w.id))"
)
"""Nobody of another group has claimed the step; who signs beside others (会签) claims for themselves."""
_DESK = re.compile(r"\(w\.unit_id = (:\w+) and w\.post_key = (:\w+) and w\.assignee_id is null\)")
FEW = 8
"""Whoever has more desks than this has little at each: they are read together, and planned as one."""
_NOTHING = "from work_item w where 1 = 0"
_NO_ORDER = SORTS["new"]


@dataclass(frozen=True)
class Branches:
    """The rule of `act_item` for one list of open work: conditions, one a way, and their values.

    `apart`: no item is found in two ways.

    Without what the person is kept apart from (双人复核, or signed already), and what another group has.
    """

    ways: tuple[Way, ...]
    apart: bool
    tab: Tab
    values: dict[str, object]

    def ordered(
        self, wanted: Wanted, *, key: Key | None, backward: bool, limit: int
    ) -> tuple[str, dict[str, object]]:
        """A query for ids (`id`) and places in the order of the next `limit` items, and its values.

        Raises BadCursor for an order that there is not.
        """
        sort = SORTS.get(wanted.sort)
        if sort is None:
            raise BadCursor(wanted.sort)
        parts, values = wanted.of_open()
        down = sort.down != backward
        columns = (*sort.columns, sort.id)
        if key is not None:
            marks = [f"at_{number}" for number in range(len(key))]
            listed = ", ".join(f":{mark}" for mark in marks)
            parts.append(f"({', '.join(columns)}) {'<' if down else '>'} ({listed})")
            values |= dict(zip(marks, key, strict=True))
        turn = " desc" if down else ""
        order = ", ".join(f"{column}{turn}" for column in columns)
        placed = zip(sort.columns, sort.places, strict=True)
        selected = ", ".join(["w.id", *(f"{column} as {place}" for column, place in placed)])
        texts = [
            f"select {selected} from work_item w where {condition} order by {order} limit {limit:d}"  # noqa: S608
            for condition in self.conditions(parts)
        ]
        listed = ", ".join(f"u.{name}" for name in ("id", *sort.places))
        united = f"select {listed} from ({self._united(texts, sort)}) u"  # noqa: S608
        return f"{united} order by {turned('u', sort, down=down)} limit {limit:d}", self.values | values

    def any(self, wanted: Wanted, *, limit: int) -> tuple[str, dict[str, object]]:
        """The same of some `limit` items, in no order."""
        parts, values = wanted.of_open()
        texts = [
            f"select w.id from work_item w where {condition} limit {limit:d}"  # noqa: S608
            for condition in self.conditions(parts)
        ]
        return self._united(texts, _NO_ORDER), self.values | values

    def conditions(self, parts: Sequence[str]) -> list[str]:
        """A condition on `w` for each way, with `parts` in all of them."""
        found = []
        for way in self.ways:
            claim = self._claim(way)
            if claim is not None:
                free = [_NOT_TAKEN] if self.tab == "claimable" else []
                found.append(" and ".join([way.text, *claim, *parts, _APART, *free]))
        return found

    def _united(self, texts: Sequence[str], sort: Sort) -> str:
        """Rows of all queries, each once; a query with a limit of its own stands in brackets."""
        if not texts:
            return " ".join(["select w.id", *(f", 0 as {place}" for place in sort.places), _NOTHING])
        union = " union all " if self.apart else " union "
        return union.join(f"select * from ({text}) b{number}" for number, text in enumerate(texts))  # noqa: S608

    def _claim(self, way: Way) -> list[str] | None:
        """Which part of a way is in this list: whether an item must be claimed is known of what is held."""
        if way.relation == "held":
            return None if self.tab == "claimable" else []
        if way.relation == "desk":
            return [f"w.claim_first = :{self.tab}_claim"]
        return [_WAITING if self.tab == "claimable" else f"not {_WAITING}"]


def branches_of(person: Person, tab: Tab, home: Dialect) -> Branches:
    """The branches of 待办 or 待认领."""
    found, marks = ways(person, "act_item", ITEM, prefix=f"{tab}_may")
    apart = _apart_from_each_other(found)
    if home == "postgresql":  # SQLite plans many branches in no time, and walks through few well
        found = _gathered(found)
    claim = {f"{tab}_claim": tab == "claimable"}
    return Branches(found, apart, tab, {**marks, **claim, "apart_from": person.id})


def turned(alias: str, sort: Sort, *, down: bool) -> str:
    """The order of `ordered` once more, over what was put together from the branches."""
    return ", ".join(f"{alias}.{column}{' desc' if down else ''}" for column in (*sort.places, "id"))


def _gathered(ways: Sequence[Way]) -> tuple[Way, ...]:
    """The same ways, with many desks in one."""
    desks = [match.groups() for way in ways if (match := _DESK.fullmatch(way.text))]
    if len(desks) <= FEW:
        return tuple(ways)
    listed = ", ".join(f"({unit}, {post})" for unit, post in desks)
    together = f"((w.unit_id, w.post_key) in (values {listed}) and w.assignee_id is null)"
    return (*(way for way in ways if not _DESK.fullmatch(way.text)), Way(together, "desk"))


def _apart_from_each_other(ways: Sequence[Way]) -> bool:
    """Whether no row can be found in two ways: each has a holder, or a desk, of its own."""
    places = [" and ".join(way.text.lstrip("(").split(" and ")[:2]) for way in ways]
    return len(set(places)) == len(places) and all(way.relation != "right" for way in ways)
