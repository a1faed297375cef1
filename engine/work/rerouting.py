"""Open work follows the people: a post falls vacant, is filled again, an account is shut, a date passes.

An item that lies where nobody may work on it any more goes where it would go if it opened now. Once the
post for which it was meant is held again it goes back, unless somebody has begun: then history says why it
stays. Each move is a row of the history and an entry of the instance's audit chain.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection

from engine.audit import chain
from engine.people.changes import Changes, ask_any_change, take_changes
from engine.people.memberships import holders
from engine.store import Queries, Row
from engine.store.texts import json_text
from engine.work.apart import kept_from
from engine.work.items import Doing, event_row, text_row, write_events, write_texts
from engine.work.placing import Place, place_of, tell
from engine.work.routing import Candidate

QUERIES = Queries(Path(__file__).with_name("rerouting.sql"))
SYSTEM = "系统"


def settle(connection: Connection, *, at: datetime, today: date) -> int:
    """Bring open work in line with who holds which post on the civil date `today`; how many items changed.

    For whoever changes people, in the same transaction, and for the clock. Locks the instances it touches.
    """
    changes = take_changes(connection, on=today)
    if not changes:
        return 0
    work = _Settling(connection, at, today)
    return sum(work.settle(row["id"], row["instance_id"]) for row in affected(connection, changes, on=today))


def ask_unsettled(connection: Connection, *, today: date) -> Callable[[], bool]:
    """Ask whether `settle` has anything to look at."""
    return ask_any_change(connection, on=today)


def affected(connection: Connection, changes: Changes, *, on: date) -> list[Row]:
    """Open items (id, instance_id) that the changes may move, in the order in which to lock them.

    As many are read as lie at the units and with the people that changed, not as are open.
    """
    units, users = json_text(sorted(changes.units)), json_text(sorted(changes.users))
    return QUERIES.rows(connection, "affected", units=units, users=users, on_day=on, on_day2=on)


@dataclass
class _Settling:
    """One look over many items: who holds what is asked once."""

    connection: Connection
    at: datetime
    today: date
    _places: dict[tuple[object, ...], Place] = field(default_factory=dict)
    _holders: dict[tuple[str, str, str], frozenset[str]] = field(default_factory=dict)

    def settle(self, item_id: str, instance_id: str) -> int:
        """1 when the item was changed. What is out of place is looked at again under the instance's lock."""
        item = QUERIES.row(self.connection, "item", id=item_id)
        if item is None or not self._out_of_place(item):
            return 0
        chain.lock_chain(self.connection, instance_id)
        item = QUERIES.row(self.connection, "item", id=item_id)
        if item is None or not self._out_of_place(item):
            return 0
        events = self._put_right(item)
        if events:
            act = f"{events[-1]['verb']}:{item['element_id']}"
            chain.enter(self.connection, instance_id, at=self.at, actor="engine", act=act, events=events)
        return 1 if events else 0

    def _out_of_place(self, item: Row) -> bool:
        if self._left_behind(item):
            return True
        if self._here(item) == self._place(item).here:
            return False
        return item["stay_said_at"] is None or not self._begun(item)

    def _put_right(self, item: Row) -> list[Row]:
        """Give back a claim that ended; then move the item, or say why it stays."""
        events = []
        if self._left_behind(item):
            QUERIES.run(self.connection, "release", id=item["id"], at=self.at)
            events.append(self._say(item, "unclaim"))
            item = {**item, "assignee_id": None}
        place = self._place(item)
        if self._here(item) == place.here:
            self._leave_drafts(item)
        elif self._begun(item):
            if item["stay_said_at"] is None:
                QUERIES.run(self.connection, "stay", id=item["id"], at=self.at)
                text = "原岗位已有人任职；因为已有人认领或起草，这项任务仍由现在的办理人办完。"
                events.append(self._say(item, "stay", text=text))
        else:
            events.append(self._move(item, place))
        return events

    def _move(self, item: Row, place: Place) -> Row:
        moved = {"user_id": place.user_id, "unit_id": place.unit_id, "post_key": place.post_key}
        QUERIES.run(self.connection, "move", id=item["id"], at=self.at, **moved)
        old = {"unit_id": item["unit_id"], "post_key": item["post_key"]}
        QUERIES.run(self.connection, "settle_notices", item_id=item["id"], at=self.at, **old)
        after = {**item, **old, **moved, "assignee_id": place.user_id}
        self._leave_drafts(after)
        text = place.notice or "原岗位已有人任职，交回该岗位办理。"
        tell(self.connection, after, place, kind="vacant" if place.notice else "back", text=text, at=self.at)
        return self._say(after, "reroute", outcome="vacant" if place.notice else "back", text=text)

    def _leave_drafts(self, item: Row) -> None:
        """What somebody has written who lost the item goes along to whoever has it now."""
        have = self._having(item)
        for row in QUERIES.rows(self.connection, "drafters", item_id=item["id"]):
            if row["person_id"] not in have:
                QUERIES.run(
                    self.connection,
                    "leave_draft",
                    item_id=item["id"],
                    person_id=row["person_id"],
                    at=self.at,
                )

    def _say(self, item: Row, verb: str, *, outcome: str = "", text: str = "") -> Row:
        text_id = None
        if text:
            row = text_row(
                cycle_id=item["cycle_id"], instance_id=item["instance_id"], kind="reason", content=text
            )
            write_texts(self.connection, [row])
            text_id = str(row["id"])
        doing = Doing(verb, outcome=outcome, person_name=SYSTEM, text_id=text_id)
        event = event_row(item, doing, at=self.at)
        write_events(self.connection, [event])
        return event

    def _left_behind(self, item: Row) -> bool:
        """Claimed from a post by somebody who is not on it any more."""
        if item["assignee_id"] is None or item["post_key"] is None:
            return False
        return item["assignee_id"] not in self._on_post(item)

    def _begun(self, item: Row) -> bool:
        """Whether one of those who have the item has claimed it or begun to write."""
        have = self._having(item)
        if item["assignee_id"] is not None and item["post_key"] is not None:
            return item["assignee_id"] in have
        drafters = QUERIES.rows(self.connection, "drafters", item_id=item["id"])
        return any(row["person_id"] in have for row in drafters)

    def _having(self, item: Row) -> frozenset[str]:
        if item["post_key"] is not None:
            return self._on_post(item)
        place = self._place(item)
        return frozenset(filter(None, [item["assignee_id"] if place.user_id else None]))

    def _on_post(self, item: Row) -> frozenset[str]:
        key = (item["unit_id"], item["post_key"], item["cycle_id"])
        if key not in self._holders:
            unit_id, post_key, cycle_id = key
            found = holders(self.connection, unit_id, post_key, on=self.today, cycle_id=cycle_id)
            self._holders[key] = frozenset(holder.user_id for holder in found)
        return self._holders[key]

    def _here(self, item: Row) -> tuple[str | None, str | None, str | None]:
        personal = item["post_key"] is None
        return (item["assignee_id"] if personal else None, item["unit_id"], item["post_key"])

    def _place(self, item: Row) -> Place:
        whom = (item["meant_user_id"], item["meant_unit_id"], item["meant_post_key"], item["cycle_id"])
        kept = kept_from(self.connection, item["id"])
        if (*whom, kept) not in self._places:
            user_id, unit_id, post_key, cycle_id = whom
            self._places[*whom, kept] = place_of(
                self.connection,
                Candidate(user_id, None if user_id else unit_id, post_key),
                on=self.today,
                cycle_id=cycle_id,
                answers_unit_id=unit_id,
                without=kept,
            )
        return self._places[*whom, kept]
