"""评论: saying something about an instance, wording it anew, erasing it. No verb, no token moves.

Whoever may see the instance and may do anything at all comments on it; only who may see it can be named by
@, and gets a notice. A comment is worded anew by who wrote it; it goes only by erasing its words.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from engine.clock import today
from engine.people.persons import Person
from engine.runtime.engine import Engine
from engine.runtime.instances.suspending import why_it_stands
from engine.runtime.steps.rows import InstanceRow, UnknownInstance, read_instance
from engine.store import Row
from engine.verbs.others.serving import why_not_serving
from engine.verbs.refusals import Closed, Invalid, NotAllowed, NotVisible
from engine.verbs.tokens.mending import may_mend
from engine.work import comments
from engine.work.bindings import FieldError
from engine.work.history import may_see
from engine.work.mentions import Mentioned, Unmentionable, mentioned_in
from engine.work.notices import Notice, notify

MENTIONED = "mention"
"""The kind of the notice to who was named by @."""


def comment(engine: Engine, person: Person, instance_id: str, text: str) -> str:
    """Say something about an instance; the comment's id. Raises a `Refusal`."""
    with engine.database.write() as connection:
        row = _seen(connection, person, instance_id)
        _check_may_say(engine, connection, person, instance_id)
        words, named = _checked(engine, connection, instance_id, text)
        at = engine.clock.now()
        comment_id = comments.write_comment(
            connection,
            cycle_id=row.cycle_id,
            instance_id=instance_id,
            person_id=person.id,
            person_name=person.name,
            at=at,
        )
        about: Row = {"id": comment_id, "cycle_id": row.cycle_id, "instance_id": instance_id}
        comments.write_wording(connection, about, words, _as_rows(named), number=1, at=at)
        _tell(engine, connection, person, row, named)
        return comment_id


def reword(engine: Engine, person: Person, comment_id: str, text: str) -> None:
    """Word one's own comment anew; who is named for the first time gets a notice. Raises a `Refusal`."""
    with engine.database.write() as connection:
        about = _own(connection, person, comment_id)
        row = _seen(connection, person, about["instance_id"])
        if about["erased_at"] is not None:
            raise Closed("这条评论已经清除，不能再改。")
        _check_may_say(engine, connection, person, row.id)
        words, named = _checked(engine, connection, row.id, text)
        earlier = comments.QUERIES.rows(connection, "wordings", comment_id=comment_id)
        if earlier[-1]["text"] == words:
            return
        comments.write_wording(
            connection, about, words, _as_rows(named), number=len(earlier) + 1, at=engine.clock.now()
        )
        known = {one["id"] for wording in earlier for one in wording["mentioned_json"]}
        _tell(engine, connection, person, row, [one for one in named if one.id not in known])


def erase_comment(engine: Engine, person: Person, comment_id: str) -> None:
    """清除: take the words away for good, in every wording; by who wrote it, or by the office."""
    with engine.database.write() as connection:
        about = _visible(connection, person, comment_id)
        row = _seen(connection, person, about["instance_id"])
        office = may_mend(person, {"assessor_id": row.assessor_id, "cycle_id": row.cycle_id})
        if about["person_id"] != person.id and not office:
            raise NotAllowed("评论由写的人或考评办清除。")
        if not comments.erase(connection, comment_id, by=person.name, at=engine.clock.now()):
            raise Closed("这条评论已经清除。")


def may_comment(person: Person) -> bool:
    """Whether the person changes anything at all: who reads the audit does not (三员分立)."""
    return "act_item" not in person.withheld


def _seen(connection: Connection, person: Person, instance_id: str) -> InstanceRow:
    try:
        row = read_instance(connection, instance_id)
    except UnknownInstance:
        raise NotVisible from None
    if not may_see(connection, person, instance_id):
        raise NotVisible
    if not may_comment(person):
        raise NotAllowed("您可以查看办理过程，不能评论：审计员只看不改。")
    return row


def _check_may_say(engine: Engine, connection: Connection, person: Person, instance_id: str) -> None:
    """Nothing is said while it stands still, nor by who has left; words may be erased, which cannot wait."""
    if why := why_not_serving(connection, person, instance_id, "评论"):
        raise NotAllowed(why)
    if why := why_it_stands(connection, instance_id, zone=engine.setup.zone):
        raise Closed(why)


def _visible(connection: Connection, person: Person, comment_id: str) -> Row:
    about = comments.lock_comment(connection, comment_id)
    if about is None or not may_see(connection, person, about["instance_id"]):
        raise NotVisible
    return about


def _own(connection: Connection, person: Person, comment_id: str) -> Row:
    about = _visible(connection, person, comment_id)
    if about["person_id"] != person.id:
        raise NotAllowed("评论只能由写的人修改。")
    return about


def _checked(
    engine: Engine, connection: Connection, instance_id: str, text: str
) -> tuple[str, list[Mentioned]]:
    words = text.strip()
    if not words:
        raise _wrong("required", "请写点什么，再发表。")
    if len(words) > comments.MOST_LENGTH:
        raise _wrong("too_long", f"评论最多 {comments.MOST_LENGTH} 字，现有 {len(words)} 字。")
    try:
        on = today(engine.clock, engine.setup.zone)
        return words, mentioned_in(connection, words, instance_id, on=on)
    except Unmentionable as unknown:
        raise _wrong("unmentionable", str(unknown)) from unknown


def _wrong(code: str, message: str) -> Invalid:
    return Invalid(message, errors=(FieldError("text", code, message),))


def _as_rows(named: Sequence[Mentioned]) -> list[Row]:
    return [{"id": one.id, "name": one.name} for one in named]


def _tell(
    engine: Engine, connection: Connection, person: Person, row: InstanceRow, named: Sequence[Mentioned]
) -> None:
    notices = [
        Notice(
            cycle_id=row.cycle_id,
            kind=MENTIONED,
            user_id=one.id,
            instance_id=row.id,
            params={
                "from": person.name,
                "subject": row.subject_name,
                "matter": row.matter,
                "process": row.process_key,
                "version": row.definition_version_id,
            },
        )
        for one in named
        if one.id != person.id
    ]
    if notices:
        notify(connection, notices, at=engine.clock.now())
