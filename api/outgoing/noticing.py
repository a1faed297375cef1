"""How this installation tells people outside the page, as the settings say."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from api.outgoing.wording import todo_words, wording
from api.settings import Settings
from engine.runtime.notices.rules import MAIL, Channel, NoticeRules
from processes.cycle.records import Cycle


def notice_rules(settings: Settings) -> NoticeRules:
    """The channels that are set up, mail first; what passes quiet hours; the words."""
    channels: dict[str, Channel] = {}
    if settings.mail_host:
        channels[MAIL] = Channel(MAIL, "邮件", "mail", "email")
    for key, channel in settings.notice_channels.items():
        channels[key] = Channel(key, channel.name, "chat", channel.field)  # type: ignore[arg-type]
    return NoticeRules(
        channels=channels,
        passes=frozenset(settings.notice_passes),
        attempts=settings.notice_attempts,
        wording=wording(settings.public_url),
        silent=trials,
        todo=settings.todo_webhook,
        todo_words=todo_words(settings.public_url),
    )


def trials(connection: Connection, cycle_ids: Collection[str]) -> set[str]:
    """Cycles that are no formal year: of a simulation nobody is told outside."""
    cycles = Cycle.__table__  # type: ignore[attr-defined]
    query = select(cycles.c.id).where(cycles.c.id.in_(list(cycle_ids)), cycles.c.run_mode == "simulation")
    return set(connection.execute(query).scalars())
