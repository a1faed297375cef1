"""The story of an instance for pages: what was done, who has it now, and the diagram with the path lit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path

import orjson
from sqlalchemy import Connection

from api.deadlines import Due, Reckoning, reckoning
from api.house import House
from api.language import gettext as _
from api.naming import Naming
from api.words import verb_words
from engine.people.persons import Person
from engine.store import Queries, Row
from engine.work.chosen import read_chosen
from engine.work.history import HistoryEvent, latest_events, open_items

QUERIES = Queries(Path(__file__).with_name("story.sql"))
_QUIET = frozenset({"supersede", "reinstate", "save_draft", "remind"})
"""Rows of the history that say nothing to a reader of the story."""
MOST_EVENTS = 300
"""So much of a history is shown at once."""
_RETURNING = frozenset({"return", "reject", "refuse", "disagree"})


@dataclass(frozen=True)
class EventLine:
    """One thing that was done."""

    who: str
    unit: str
    post: str
    step: str
    round: int
    act: str
    on_behalf_of: str
    standing_for: str
    text: str
    at: datetime
    tone: str
    superseded: bool
    signature: str = ""
    """Where the picture is that it was signed with (手写签名)."""
    digest: str = ""
    chosen: tuple[str, ...] = ()
    """Whom the doer chose for later steps, each with the step."""


@dataclass(frozen=True)
class Part:
    """A stretch of the history; what a later round replaced is folded."""

    folded: bool
    events: list[EventLine]


@dataclass(frozen=True)
class NowLine:
    """Who has the instance now, at which step, until when."""

    holder: str
    step: str
    due: Due | None
    item_id: str


@dataclass(frozen=True)
class Story:
    """Newest first; `state` is the JSON that lights the diagram of `version_id`.

    `more` is how much called instances have open beside what `now` shows; `older` the address of what was
    done before that, None when this is all.
    """

    now: list[NowLine]
    more: int
    history: list[Part]
    version_id: str
    state: str
    older: str | None


def story_of(
    connection: Connection,
    instance: Row,
    naming: Naming,
    *,
    by: Reckoning,
    before: str = "",
) -> Story:
    """Read the story of an instance (a row of `read_instance`), or what was done before an event.

    Four statements; at most `MOST_EVENTS` of a long one at a time.
    """
    instance_id, version_id = instance["id"], instance["definition_version_id"]
    found = latest_events(connection, instance_id, before=before, limit=MOST_EVENTS + 1)
    shown = found[:MOST_EVENTS]
    told = [_line(event, naming) for event in shown if event.verb not in _QUIET]
    here = [{"definition_version_id": version_id, **row} for row in open_items(connection, instance_id)]
    below = QUERIES.rows(connection, "open_in_children", instance_id=instance_id)
    stuck = QUERIES.rows(connection, "stuck", instance_id=instance_id)
    now = [_now(item, naming, by) for item in [*here, *below]]
    state = {
        "visited": sorted(instance["visits_json"].get("e", {})),
        "taken": sorted(instance["visits_json"].get("f", {})),
        "active": sorted({item["element_id"] for item in here}),
        "stuck": sorted({row["element_id"] for row in stuck}),
    }
    more = below[0]["total"] - len(below) if below else 0
    older = f"/instances/{instance_id}?before={shown[-1].id}" if len(found) > MOST_EVENTS else None
    return Story(now, more, parts_of(told), version_id, orjson.dumps(state).decode(), older)


def story_for(
    house: House, connection: Connection, person: Person, instance: Row, *, before: str = ""
) -> Story:
    """The story of an instance, with deadlines by the reader's own calendar."""
    naming = Naming(house.engine.definitions, connection)
    return story_of(connection, instance, naming, by=reckoning(house, connection, person), before=before)


def read_instance(connection: Connection, instance_id: str) -> Row | None:
    """The instance's row as pages need it, or None."""
    return QUERIES.row(connection, "instance", id=instance_id)


def _now(item: Row, naming: Naming, by: Reckoning) -> NowLine:
    return NowLine(
        holder=item["assignee_name"] or _holder(item["unit_name"], item["post_name"]),
        step=naming.step(item["definition_version_id"], item["element_id"]),
        due=by.due(item["due_on"]),
        item_id=item["item_id"],
    )


def parts_of(lines: Iterable[EventLine]) -> list[Part]:
    """Stretches of superseded events are folded together."""
    return [
        Part(superseded, list(stretch))
        for superseded, stretch in groupby(lines, key=lambda line: line.superseded)
    ]


def _line(event: HistoryEvent, naming: Naming) -> EventLine:
    version, element = event.definition_version_id, event.element_id
    act = verb_words(event.verb)
    if event.outcome and event.verb in ("complete", "register_for"):
        act = naming.outcome(version, element, event.outcome)
    if event.verb == "return_to" and event.target_element_id:
        act = _("退回到“{step}”").format(step=naming.step(version, event.target_element_id))
    if event.verb == "jump" and event.target_element_id:
        act = _("移动令牌到“{step}”").format(step=naming.step(version, event.target_element_id))
    if event.verb == "close" and event.target_element_id:
        act = _("已由系统关闭：{reason}").format(reason=naming.step(version, event.target_element_id))
    returned = event.verb == "return_to" or event.outcome in _RETURNING
    approved = event.verb in ("complete", "register_for") and not returned
    return EventLine(
        who=event.person_name or _("系统"),
        unit=event.unit_name or "",
        post=event.post_name or "",
        step=naming.step(version, element),
        round=event.round,
        act=act,
        on_behalf_of=event.on_behalf_of,
        standing_for=event.stood_in_for_name or "",
        text=event.text or "",
        at=event.happened_at,
        tone="is-returned" if returned else "is-approved" if approved else "",
        superseded=event.superseded,
        signature=f"/events/{event.id}/signature" if event.signature_digest else "",
        digest=event.signature_digest or "",
        chosen=tuple(
            _("“{step}”交给{name}").format(step=naming.step(version, one.element_id), name=one.name)
            for one in read_chosen(event.chosen_text)
        ),
    )


def _holder(unit: str | None, post: str | None) -> str:
    return " · ".join(part for part in (unit, post) if part) or _("无人")
