"""Of many people at once: where they may be reached, what they wish, whose work they do meanwhile."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from engine.runtime.notices.kinds import Kind
from engine.runtime.notices.rules import Channel, Habit, How, NoticeRules
from engine.store import Queries, Row
from engine.store.texts import json_text

QUERIES = Queries(Path(__file__).with_name("gathering.sql"))


@dataclass(frozen=True)
class Reachable:
    """One person: their fields (email, phone, login), own addresses by channel, wishes and habit."""

    id: str
    fields: Mapping[str, str]
    assessor_id: str | None
    home_id: str | None
    habit: Habit
    own: Mapping[str, str] = field(default_factory=dict)
    wishes: Mapping[tuple[str, str], How] = field(default_factory=dict)

    def address(self, channel: Channel) -> str:
        """Where the person is reached on a channel; empty when nowhere."""
        return self.own.get(channel.key, "") if channel.own else self.fields.get(channel.field, "")

    def reached(self, channel: Channel) -> str:
        """`address`, for mail that of the account when the person gave none."""
        return self.address(channel) or self.fields.get(channel.field, "")

    def how(self, kind: Kind, channel: str, rules: NoticeRules) -> How:
        """What the person wishes, or what holds for who chose nothing."""
        return self.wishes.get((kind, channel)) or rules.usual(kind, channel)


def reachable(
    connection: Connection, ids: Collection[str], *, on: date, usual: Habit
) -> dict[str, Reachable]:
    """Those of the people whose accounts are open, by id. Four statements."""
    listed = json_text(sorted(ids))
    wishes: dict[str, dict[tuple[str, str], How]] = {}
    for row in QUERIES.rows(connection, "wishes", ids=listed):
        wishes.setdefault(row["person_id"], {})[row["kind"], row["channel"]] = row["how"]
    own: dict[str, dict[str, str]] = {}
    for row in QUERIES.rows(connection, "addresses", ids=listed):
        own.setdefault(row["person_id"], {})[row["channel"]] = row["address"]
    habits = {row["person_id"]: habit_of(row) for row in QUERIES.rows(connection, "habits", ids=listed)}
    people = QUERIES.rows(connection, "people", ids=listed, on_day=on, on_day2=on)
    return {
        row["id"]: Reachable(
            id=row["id"],
            fields={name: row[name] or "" for name in ("email", "phone", "login")},
            assessor_id=row["assessor_id"],
            home_id=row["home_id"],
            habit=habits.get(row["id"], usual),
            own=own.get(row["id"], {}),
            wishes=wishes.get(row["id"], {}),
        )
        for row in people
    }


def habit_of(row: Row) -> Habit:
    """A habit from its row."""
    return Habit(row["quiet_from"], row["quiet_until"], row["digest_time"], bool(row["working_days"]))
