"""What stands on the paper of a task, open or done: its form as the reader has it, opinions, signatures."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from api.errors import Trouble
from api.house import House
from api.inbox.attachments import files_of
from api.inbox.closed_page import submitted_form
from api.inbox.forms_of_tasks import FormToRead, form_to_read
from api.language import gettext as _
from api.naming import Naming
from api.story import EventLine, read_instance, story_for
from engine.people.persons import Person
from engine.store import Row
from engine.verbs.refusals import Closed
from engine.verbs.showing.view import ItemView, view
from engine.work import history


@dataclass(frozen=True)
class Sheet:
    """One task on paper. `opinions` oldest first, superseded ones marked."""

    item_id: str
    title: str
    step: str
    unit: str
    form: FormToRead | None
    opinions: tuple[EventLine, ...]
    now: tuple[str, ...]
    attachments: tuple[Row, ...]
    printed_at: datetime
    printed_by: str
    whole: bool
    """Whether all opinions are on it; a very long history has its newest part."""


def sheet_of(house: House, person: Person, item_id: str) -> Sheet:
    """The sheet of a task, for who may see it. Raises a `Refusal`, or Trouble(404)."""
    try:
        task: ItemView | None = view(house.engine, person, item_id)
    except Closed:
        task = None
    with house.database.read() as connection:
        if task is not None:
            item = task.item
            place = {
                "instance_id": item.instance_id,
                "definition_version_id": item.definition_version_id,
                "element_id": item.element_id,
            }
            return _sheet(house, connection, person, item_id, place, form_to_read(connection, task))
        seen = history.seen_closed_item(connection, person, item_id)
        if seen is None:
            raise Trouble(404, "not_found")
        form = submitted_form(house, connection, person, item_id, seen)
        return _sheet(house, connection, person, item_id, seen, form)


def _sheet(
    house: House, connection: Connection, person: Person, item_id: str, place: Row, form: FormToRead | None
) -> Sheet:
    instance = read_instance(connection, place["instance_id"])
    assert instance is not None  # its item was found
    naming, version = Naming(house.engine.definitions, connection), place["definition_version_id"]
    story = story_for(house, connection, person, instance)
    told = [event for part in story.history for event in part.events]
    return Sheet(
        item_id=item_id,
        title=naming.title(
            version, year=instance["year"], subject=instance["subject_name"], matter=instance["matter"]
        ),
        step=naming.step(version, place["element_id"]),
        unit=instance["subject_name"],
        form=form,
        opinions=tuple(reversed(told)),
        now=tuple(_("{step}（{holder}）").format(step=one.step, holder=one.holder) for one in story.now),
        attachments=tuple(files_of(house, connection, person, instance["id"])),
        printed_at=house.engine.clock.now(),
        printed_by=person.name,
        whole=story.older is None,
    )
