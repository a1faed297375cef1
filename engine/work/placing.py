"""Where work lies: with those whom the diagram means, or, while nobody is there, with who answers instead.

The same rule when an item opens and whenever the people change (`rerouting`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from engine.people.memberships import receivers
from engine.people.posts import HEAD, PostReference
from engine.people.queries import QUERIES
from engine.people.together import asked_together
from engine.work.notices import Notice, notify
from engine.work.routing import Candidate


@dataclass(frozen=True)
class Place:
    """Who has an item: one person, or the holders of a post at a unit.

    `notice` is the sentence that says why it is not who was meant; empty when it is.
    """

    user_id: str | None = None
    unit_id: str | None = None
    post_key: str | None = None
    notice: str = ""

    @property
    def here(self) -> tuple[str | None, str | None, str | None]:
        """The place without its reason."""
        return (self.user_id, self.unit_id, self.post_key)


def place_of(
    connection: Connection,
    meant: Candidate,
    *,
    on: date,
    cycle_id: str,
    answers_unit_id: str | None,
    without: Collection[str] = (),
) -> Place:
    """Where work for `meant` lies on a day: there; else with the unit's head; else with the office.

    For work of one person whose account is shut, `answers_unit_id` is the unit whose head answers. Those in
    `without` did an earlier step that keeps them apart from this one, or sign it already.
    """
    if meant.unit_id is not None and meant.post_key is not None:
        wanted = PostReference(meant.unit_id, meant.post_key)
        given = receivers(connection, wanted, on=on, cycle_id=cycle_id, without=without)
        return Place(unit_id=given.post.unit_id, post_key=given.post.post_key, notice=given.notice)
    account = QUERIES.row(connection, "account", id=meant.user_id)
    barred = meant.user_id in without
    if answers_unit_id is None or (account and account["active"] and not barred):
        return Place(user_id=meant.user_id)
    head = PostReference(answers_unit_id, HEAD)
    given = receivers(connection, head, on=on, cycle_id=cycle_id, without=without)
    name = account["name"] if account else meant.user_id
    why = "已在本环节或前面环节办理" if barred else "没有可用的帐号"
    reason = f"原办理人“{name}”{why}，已交该单位主要负责人。"
    return Place(None, given.post.unit_id, given.post.post_key, given.notice or reason)


def heard(connection: Connection, notices: Sequence[Notice], *, on: date) -> list[Notice]:
    """`notices` so that somebody hears each: of a post that nobody holds, who answers for it instead.

    The parameter `instead` says why, and `meant_unit_id` whose notice it is, where that is another unit's.
    Where the same is said to several posts whose holders turn out to be the same, it is said once.
    """
    places: dict[tuple[str | None, ...], list[Notice]] = {}
    with asked_together(connection, {one.unit_id for one in notices if one.unit_id is not None}):
        for one in notices:
            moved = _heard(connection, one, on=on)
            said = (one.kind, str(one.params), one.instance_id, one.item_id)
            places.setdefault((*said, moved.user_id, moved.unit_id, moved.post_key), []).append(moved)
    return [_once(same) for same in places.values()]


def _heard(connection: Connection, notice: Notice, *, on: date) -> Notice:
    if notice.unit_id is None or notice.post_key is None:
        return notice
    meant = Candidate(unit_id=notice.unit_id, post_key=notice.post_key)
    place = place_of(connection, meant, on=on, cycle_id=notice.cycle_id, answers_unit_id=None)
    if not place.notice:
        return notice
    why = {"instead": place.notice.removesuffix("。")}
    elsewhere = {"meant_unit_id": notice.unit_id} if place.unit_id != notice.unit_id else {}
    params = {**notice.params, **why, **elsewhere}
    return replace(notice, unit_id=place.unit_id, post_key=place.post_key, params=params)


def _once(same: Sequence[Notice]) -> Notice:
    whys = [one.params["instead"] for one in same if "instead" in one.params]
    why = {"instead": "；".join(whys)} if whys else {}
    return replace(same[0], params={**same[0].params, **why})


def tell(
    connection: Connection, item: Mapping[str, Any], place: Place, *, kind: str, text: str, at: datetime
) -> None:
    """Tell who has an item now (its columns by name) why it has come: kind "vacant" or "back"."""
    notice = Notice(
        cycle_id=item["cycle_id"],
        kind=kind,
        user_id=place.user_id,
        unit_id=place.unit_id,
        post_key=place.post_key,
        instance_id=item["instance_id"],
        item_id=item["id"],
        params={
            "notice": text,
            "subject": item["subject_name"],
            "matter": item["matter"],
            "process": item["process_key"],
            "element": item["element_id"],
            "version": item["definition_version_id"],
        },
    )
    notify(connection, [notice], at=at)
