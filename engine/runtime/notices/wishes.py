"""通知设置: what a person wishes to be told, by which channel, when. Only what was chosen is stored."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection

from engine.runtime.notices.kinds import KINDS, Kind
from engine.runtime.notices.people import habit_of
from engine.runtime.notices.rules import Habit, How, NoticeRules
from engine.store import Queries, insert_rows

QUERIES = Queries(Path(__file__).with_name("wishes.sql"))
HOWS: tuple[How, ...] = ("now", "digest", "off")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class WrongWish(ValueError):
    """What a person chose cannot be kept; `field` names it."""

    code = "wrong_wish"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


@dataclass(frozen=True)
class Wishes:
    """All that one person chose, with what holds where nothing was chosen."""

    habit: Habit
    chosen: Mapping[tuple[str, str], How] = field(default_factory=dict)
    usual_habit: bool = True

    def how(self, kind: Kind, channel: str, rules: NoticeRules) -> How:
        """What holds for one kind on one channel."""
        return self.chosen.get((kind, channel)) or rules.usual(kind, channel)


def wishes_of(connection: Connection, person_id: str, rules: NoticeRules) -> Wishes:
    """What holds for a person. Two statements."""
    rows = QUERIES.rows(connection, "wishes_of", person_id=person_id)
    habit = QUERIES.row(connection, "habit_of", person_id=person_id)
    return Wishes(
        habit=habit_of(habit) if habit else rules.habit,
        chosen={(row["kind"], row["channel"]): row["how"] for row in rows},
        usual_habit=habit is None,
    )


def write_wishes(
    connection: Connection, person_id: str, chosen: Mapping[tuple[str, str], str], habit: Habit | None = None
) -> None:
    """Keep what a person chose, in place of what they chose before. Raises WrongWish.

    What is already on its way keeps the time it was given.
    """
    for (kind, channel), how in chosen.items():
        if kind not in KINDS or how not in HOWS:
            raise WrongWish(f"{kind}.{channel}", f"通知种类“{kind}”或方式“{how}”不存在。")
    if habit is not None:
        check_habit(habit)
    QUERIES.send(connection, "forget_wishes", person_id=person_id)
    QUERIES.send(connection, "forget_habit", person_id=person_id)
    insert_rows(
        connection,
        "notice_wish",
        [
            {"person_id": person_id, "kind": kind, "channel": channel, "how": how}
            for (kind, channel), how in chosen.items()
        ],
    )
    if habit is not None:
        insert_rows(connection, "notice_habit", [{"person_id": person_id, **habit.__dict__}])


def check_habit(habit: Habit) -> None:
    """Raises WrongWish unless all times are times of a day, and quiet hours have both ends or none."""
    if not _CLOCK.fullmatch(habit.digest_time):
        raise WrongWish("digest_time", "汇总时间要写时和分，如 08:30。")
    for name in ("quiet_from", "quiet_until"):
        if getattr(habit, name) and not _CLOCK.fullmatch(getattr(habit, name)):
            raise WrongWish(name, "免打扰时间要写时和分，如 22:00；不要免打扰就都留空。")
    if bool(habit.quiet_from) != bool(habit.quiet_until):
        name = "quiet_until" if habit.quiet_from else "quiet_from"
        raise WrongWish(name, "免打扰时间要写开始和结束两个时刻，或者都留空。")
