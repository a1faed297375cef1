"""An instance as a whole: diagram, history, what it called and what called it; and its files."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import Connection
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.children import children_of
from api.errors import Trouble
from api.house import House, house_of
from api.inbox.attachments import PICTURES, attachment, files_of, may_preview, seen_file
from api.inbox.lines import status_words
from api.inbox.talk import talk_of
from api.inbox.upon import deeds_of, note_first_look, own_task
from api.language import gettext as _
from api.naming import Naming
from api.pages import page
from api.security.headers import STRICT
from api.security.posted import number_of, posted, text_of
from api.security.session import signed_in
from api.story import QUERIES, read_instance, story_for
from api.words import verb_words
from engine.people.persons import Person
from engine.runtime.instances.suspending import how_many_below, why_it_stands
from engine.store import Row
from engine.verbs.refusals import Closed, Invalid, Refusal, Stale
from engine.verbs.registry import INSTANCE_VERBS
from engine.verbs.tokens.mending import may_mend
from engine.verbs.tokens.standing import stand
from engine.verbs.visit import MOST_OPINION
from engine.work import copies
from engine.work.history import may_see

router = APIRouter(include_in_schema=False)


@router.get("/instances/{instance_id}")
def show_instance(
    request: Request,
    instance_id: str,
    before: Annotated[str, Query(max_length=36)] = "",
    after: Annotated[str, Query(max_length=80)] = "",
    said: Annotated[str, Query(max_length=40)] = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """One instance for whoever may see it; its history `before` an event, its children `after` a cursor."""
    return _instance_page(request, house, person, instance_id, before=before, after=after, said=said)


@router.post("/instances/{instance_id}/{verb}")
def stand_still(
    request: Request,
    instance_id: str,
    verb: Literal["suspend", "resume"],
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """挂起 and 恢复办理, by the office, with the reason; with what it has called when that is ticked."""
    reason, tree = text_of(form, "reason", longest=MOST_OPINION), form.get("tree") == "yes"
    try:
        version = number_of(form, "version") if "version" in form else 0
        stand(house.engine, person, instance_id, verb, reason=reason, tree=tree, version=version)
    except (Closed, Invalid, Stale) as refusal:
        return _instance_page(request, house, person, instance_id, refusal=refusal)
    return RedirectResponse(f"/instances/{instance_id}", status_code=303)


def _instance_page(
    request: Request,
    house: House,
    person: Person,
    instance_id: str,
    *,
    before: str = "",
    after: str = "",
    said: str = "",
    refusal: Refusal | None = None,
) -> Response:
    with house.database.read() as connection:
        seen_instance(connection, person, instance_id)
    note_first_look(house, person, instance_id)
    deeds = deeds_of(house, person, instance_id)
    with house.database.read() as connection:
        instance = seen_instance(connection, person, instance_id)
        naming = Naming(house.engine.definitions, connection)
        state, tone = status_words(instance["status"])
        children = children_of(connection, instance_id, after=after)
        return page(
            request,
            "task/instance.html",
            diagram=True,
            status=refusal.status if refusal else 200,
            refusal=refusal.message if refusal else "",
            said=_("“{verb}”已办妥。").format(verb=verb_words(said)) if said in INSTANCE_VERBS else "",
            own_task=own_task(connection, person, instance_id) if said == "take_back" else "",
            deeds=deeds,
            copies=copies.copies_of(connection, instance_id),
            may_mend=may_mend(person, instance),
            stopped=_stopped(connection, instance, naming),
            below=how_many_below(connection, instance_id),
            standing=why_it_stands(connection, instance_id, zone=house.engine.setup.zone),
            title=naming.title(
                instance["definition_version_id"],
                year=instance["year"],
                subject=instance["subject_name"],
                matter=instance["matter"],
            ),
            instance=instance,
            state=state,
            tone=tone,
            story=story_for(house, connection, person, instance, before=before),
            talk=talk_of(connection, person, instance, back=f"/instances/{instance_id}"),
            parent=_parent(connection, person, instance, naming),
            children=[_child(row, naming) for row in children.rows],
            more_children=children.next,
            attachments=files_of(house, connection, person, instance_id),
        )


@router.get("/files/{file_id}")
def download(
    file_id: str, save: str = "", person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """A file, for those who may see what it belongs to; `save=yes` for the disk, whatever it is."""
    return attachment(house, person, file_id, save=save == "yes")


@router.get("/files/{file_id}/preview")
def preview(
    request: Request, file_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """A picture or a PDF on a page of its own; for anything else, how to get it."""
    file = seen_file(house, person, file_id)
    shown = page(request, "task/preview.html", file=file, picture=file["media_type"] in PICTURES,
                 shown=may_preview(file))  # fmt: skip
    shown.headers["content-security-policy"] = f"{STRICT}; frame-src 'self'; object-src 'self'"
    return shown


def _stopped(connection: Connection, instance: Row, naming: Naming) -> list[dict[str, str]]:
    """Where the instance has stopped: the incident's id, and the name of the step."""
    rows = QUERIES.rows(connection, "stuck", instance_id=instance["id"])
    version = instance["definition_version_id"]
    return [{"id": row["id"], "step": naming.step(version, row["element_id"])} for row in rows]


def seen_instance(connection: Connection, person: Person, instance_id: str) -> Row:
    """The instance, if the person may see it. Raises Trouble(404)."""
    found = read_instance(connection, instance_id)
    if found is None or not may_see(connection, person, instance_id):
        raise Trouble(404, "not_found")
    return found


def _parent(connection: Connection, person: Person, instance: Row, naming: Naming) -> dict[str, str] | None:
    if instance["parent_id"] is None or not may_see(connection, person, instance["parent_id"]):
        return None
    parent = read_instance(connection, instance["parent_id"])
    assert parent is not None
    title = naming.title(
        parent["definition_version_id"],
        year=parent["year"],
        subject=parent["subject_name"],
        matter=parent["matter"],
    )
    return {"id": parent["id"], "title": title}


def _child(row: Row, naming: Naming) -> dict[str, str]:
    state, tone = status_words(row["status"])
    title = naming.title(
        row["definition_version_id"], year=row["year"], subject=row["subject_name"], matter=row["matter"]
    )
    return {"id": row["id"], "title": title, "state": state, "tone": tone}
