"""评论 beside an instance: what was said, whom one may name, whether one may say something."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from api.language import gettext as _
from engine.people.persons import Person
from engine.runtime.steps.step import SUSPENDED
from engine.store import Row
from engine.verbs.others.commenting import may_comment
from engine.verbs.others.serving import why_not_serving
from engine.verbs.tokens.mending import may_mend
from engine.work.comments import comments_of, whom_to_mention


@dataclass(frozen=True)
class SaidLine:
    """One comment as pages show it; `text` is None once it was erased."""

    id: str
    who: str
    at: datetime
    text: str | None
    wordings: int
    erased_by: str
    mine: bool
    may_erase: bool


@dataclass(frozen=True)
class Talk:
    """The comments of an instance, and the page on which they stand."""

    instance_id: str
    lines: tuple[SaidLine, ...]
    may_say: bool
    names: tuple[str, ...]
    back: str


def talk_of(connection: Connection, person: Person, instance: Row, *, back: str) -> Talk:
    """The comments of an instance (a row of `read_instance`) for its reader. At most two statements."""
    may_change, office = may_comment(person), may_mend(person, instance)
    left = why_not_serving(connection, person, instance["id"], _("评论"))
    may_say = may_change and not left and instance["status"] != SUSPENDED
    lines = tuple(
        SaidLine(
            id=one.id,
            who=one.person_name,
            at=one.written_at,
            text=one.text,
            wordings=one.wordings,
            erased_by=one.erased_by,
            mine=one.person_id == person.id,
            may_erase=one.text is not None and may_change and (one.person_id == person.id or office),
        )
        for one in comments_of(connection, instance["id"])
    )
    named = whom_to_mention(connection, instance["id"]) if may_say else []
    names = tuple(row["name"] for row in named if row["id"] != person.id)
    return Talk(instance["id"], lines, may_say, names, back)
