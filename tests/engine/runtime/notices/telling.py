"""A world whose people are told by mail, with a post office that can be away."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text

from engine.runtime.engine import Engine
from engine.runtime.notices.rules import Channel, NoticeRules
from engine.runtime.notices.wishes import write_wishes
from engine.runtime.outbox import Letter
from engine.store import Database
from tests.engine.runtime.world import World, build_world, in_a_row, user

MAIL = Channel("mail", "邮件", "mail", "email")
BELL = Channel("bell", "短信", "chat", "phone")
RULES = NoticeRules(channels={"mail": MAIL, "bell": BELL}, attempts=3)
STEPS = in_a_row(
    user("fill", "unit.liaison", due='= date("2018-03-09")', remind="P1D"),
    user("sign", "unit.head", form_id="review", verbs="return_to"),
)


@dataclass
class PostOffice:
    """The world outside: keeps what it takes; away while `refusing`."""

    refusing: bool = False
    tried: list[Letter] = field(default_factory=list)
    taken: list[Letter] = field(default_factory=list)

    def __call__(self, letter: Letter) -> None:
        self.tried.append(letter)
        if self.refusing:
            raise ConnectionRefusedError("nobody listens")
        self.taken.append(letter)

    def of(self, login: str, kind: str = "mail") -> list[str]:
        """The texts that a person was sent."""
        return [one.content for one in self.taken if one.kind == kind and one.recipient.startswith(login)]


def telling_world(database: Database, office: PostOffice, **rules: Any) -> World:
    """Everybody has a mail address (`login@hz.example`) and the telephone `login`."""
    world = build_world(database)
    world.engine = engine_of(world, database, office, **rules)
    with database.write() as connection:
        connection.execute(text("update user_account set email = login || '@hz.example', phone = login"))
    return world


def engine_of(world: World, database: Database, office: PostOffice, **rules: Any) -> Engine:
    """One more engine on the same database."""
    return Engine(
        database,
        clock=world.clock,
        bindings=world.engine.setup.bindings,
        senders={"mail": office, "chat": office},
        notices=replace(RULES, **rules),
    )


def set_clock(world: World, moment: str) -> None:
    """It is `2018-03-02 08:30` in Shanghai."""
    local = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    world.clock.set(local.astimezone(UTC))


def at(world: World, moment: str) -> None:
    """It is that moment, and everything that is due is done."""
    set_clock(world, moment)
    world.engine.drain()


def wish(world: World, login: str, kind: str, channel: str, how: str) -> None:
    """The person chooses."""
    with world.engine.database.write() as connection:
        write_wishes(connection, world.people[login], {(kind, channel): how})
