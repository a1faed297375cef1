"""A task that is done: what was submitted, what happened since, who has it now, and what is next."""

from dataclasses import replace

import orjson
from fastapi import Request
from sqlalchemy import Connection
from starlette.responses import Response

from api.assembly import compiled_form
from api.errors import Trouble
from api.house import House
from api.inbox.attachments import files_of
from api.inbox.forms_of_tasks import FormToRead, links_of, naming_of
from api.inbox.lines import open_lines
from api.inbox.talk import talk_of
from api.language import gettext as _
from api.naming import Naming
from api.pages import page
from api.story import QUERIES, read_instance, story_for
from api.typed import Called, known_as
from engine.bpmn.model import Element
from engine.people.persons import Person
from engine.runtime.definitions.versions import UnknownDefinition
from engine.runtime.steps.rows import read_instance as read_row
from engine.runtime.steps.step import look_at
from engine.store import Row
from engine.verbs import instance_door
from engine.verbs.door import open_item
from engine.verbs.refusals import Refusal
from engine.verbs.showing.fields import form_of_step
from engine.verbs.showing.form import record_of
from engine.verbs.showing.readers import hidden_from
from engine.verbs.showing.view import FINISHING
from engine.verbs.visit import Request as VerbRequest
from engine.work import history, inbox
from processes.planning.assigning import newest_confirmation


def closed_page(
    request: Request,
    house: House,
    person: Person,
    item_id: str,
    *,
    sentence: str,
    done: bool,
    status: int = 200,
) -> Response:
    """Read-only. `done`: the person has just done it, so say what comes next. Raises Trouble(404)."""
    with house.database.read() as connection:
        place = history.seen_closed_item(connection, person, item_id)
        instance = read_instance(connection, place["instance_id"]) if place else None
        if place is None or instance is None:
            raise Trouble(404, "not_found")
        naming = Naming(house.engine.definitions, connection)
        version, element = place["definition_version_id"], place["element_id"]
        submitted = submitted_form(house, connection, person, item_id, place)
        known_as(request, _called(house, connection, version, element))
        following = inbox.mine(connection, person, limit=1).items
        last = history.who_closed(connection, item_id)
        return page(
            request,
            "task/closed.html",
            status=status,
            diagram=True,
            item_id=item_id,
            title=naming.title(
                version, year=instance["year"], subject=instance["subject_name"], matter=instance["matter"]
            ),
            step=naming.step(version, element),
            sentence=_why(connection, naming, last, version) or sentence,
            doer=last if last and last["verb"] in FINISHING and status == 200 else None,
            take_back=_may_take_back(house, person, instance["id"], item_id),
            newer=_newer(connection, person, instance["id"]),
            done=done,
            instance=instance,
            story=story_for(house, connection, person, instance),
            submitted=submitted.html("read") if submitted else None,
            talk=talk_of(connection, person, instance, back=f"/tasks/{item_id}"),
            attachments=files_of(house, connection, person, instance["id"]),
            following=next(iter(open_lines(house, connection, person, following)), None),
        )


def _may_take_back(house: House, person: Person, instance_id: str, item_id: str) -> str:
    """Where 撤回 is offered, if this was the person's submission and nobody has acted since; else empty."""
    seen = instance_door.possible(house.engine, person, instance_id, "take_back", VerbRequest(target=item_id))
    return f"/instances/{instance_id}/verbs/take_back?item={item_id}" if seen else ""


def _why(connection: Connection, naming: Naming, last: Row | None, version_id: str) -> str:
    """What the diagram calls the event that ended the task (its last act); empty when no event did."""
    if last is None or last["verb"] != "close" or not last["target_element_id"]:
        return ""
    drawn = naming.definitions.process(connection, version_id).drawn.elements.get(last["target_element_id"])
    if drawn is None or drawn.kind != "boundaryEvent":
        return ""
    event = naming.step(version_id, drawn.id)
    return _("此任务已由系统关闭：{event}。").format(event=event)


def _newer(connection: Connection, person: Person, instance_id: str) -> str:
    """The open task that asks the unit to confirm what was assigned since, if the person may see it."""
    newer = newest_confirmation(connection, instance_id)
    for item in history.open_items(connection, newer) if newer else ():
        try:
            return open_item(connection, person, str(item["item_id"])).id
        except Refusal:
            continue
    return ""


def _called(house: House, connection: Connection, version_id: str, element_id: str) -> Called | None:
    """What fields were called on the form of a step."""
    definitions = house.engine.definitions
    element = definitions.process(connection, version_id).drawn.elements.get(element_id)
    if element is None or element.form_id is None:
        return None
    try:
        form = definitions.form(connection, version_id, element.form_id)
    except UnknownDefinition:
        return None
    return naming_of(compiled_form(form.id, form.content))


def submitted_form(
    house: House, connection: Connection, person: Person, item_id: str, place: Row
) -> FormToRead | None:
    """What was sent when an item was finished, as its step had the form and as the reader may see it; None
    when nothing was.

    `place` names where the item belonged: instance, version, element.
    """
    row = QUERIES.row(connection, "submission", item_id=item_id)
    definitions, version_id = house.engine.definitions, place["definition_version_id"]
    element = definitions.process(connection, version_id).drawn.elements.get(place["element_id"])
    if row is None or row["content_text"] is None or element is None or element.form_id is None:
        return None
    try:
        form = definitions.form(connection, version_id, element.form_id)
    except UnknownDefinition:
        return None
    submitted = orjson.loads(row["content_text"])
    hidden = hidden_from(
        house.engine.setup,
        connection,
        person,
        instance_id=place["instance_id"],
        version=definitions.process(connection, version_id),
        element=element,
    )
    return FormToRead(
        compiled_form(form.id, form_of_step(form.content, element.properties, also=hidden).content),
        stored={**_surroundings(house, connection, element, place["instance_id"]), **submitted},
        files=links_of(connection, item_id, stored=submitted, entered={}),
    )


def _surroundings(
    house: House, connection: Connection, element: Element, instance_id: str
) -> dict[str, object]:
    """What the form shows besides what was sent: lists of choices, as the record gives them now."""
    record = record_of(house.engine.setup, element)
    if record is None:
        return {}
    step = look_at(house.engine.setup, connection, read_row(connection, instance_id))
    # The token is gone, and with it what the diagram handed to this step alone.
    inputs = {
        mapping.target: step.execution.evaluate(None, mapping.source)
        if mapping.source.startswith("=")
        else mapping.source
        for mapping in element.inputs
    }
    context = step.context(element.id, token=None)
    return record.read(replace(context, variables={**context.variables, **inputs}))
