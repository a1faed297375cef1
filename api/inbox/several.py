"""一起看、一起签: several tasks looked through on one page, then signed one by one, each with its own result.

Only what needs nothing but a yes can be signed so: a step whose form is to be filled in is refused by name,
and where a reason is required it has to be there. Every task is an act of its own through the one door.
"""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import chain

import orjson
from sqlalchemy import Connection

import forms
from api.assembly import compiled_form
from api.house import House
from api.inbox.forms_of_tasks import FormToRead, form_to_read
from api.language import gettext as _
from api.naming import Naming
from api.story import QUERIES
from engine.bpmn.outcomes import Outcome
from engine.bpmn.votes import vote_rule
from engine.people.persons import Person
from engine.verbs import door
from engine.verbs.refusals import Refusal
from engine.verbs.showing.fields import form_of_step
from engine.verbs.showing.view import ItemView, view
from engine.verbs.visit import Request
from forms.views import View

MOST = 50
"""So many tasks are looked through at once."""
MOST_FACTS = 8


@dataclass(frozen=True)
class Difference:
    """What a field said in the round before, and says now."""

    label: str
    before: str
    now: str


@dataclass(frozen=True)
class Candidate:
    """One task to be looked through. `why_not`: why it cannot be signed with others."""

    item_id: str
    title: str
    step: str
    why_not: str = ""
    version: int = 0
    outcome: str = ""
    label: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    differences: tuple[Difference, ...] = ()
    form: FormToRead | None = None
    opinion_required: bool = False
    opinion_offered: bool = False
    signature_required: bool = False
    signature_offered: bool = False


@dataclass(frozen=True)
class Intention:
    """One task as it was looked through, and what is said to it."""

    item_id: str
    version: int
    opinion: str = ""


@dataclass(frozen=True)
class Result:
    """What became of one task: done, or refused with the sentence why."""

    item_id: str
    title: str
    step: str
    done: bool
    code: str = ""
    message: str = ""


def candidates(house: House, person: Person, item_ids: Collection[str]) -> list[Candidate]:
    """The tasks in the order given, each once; at most `MOST`."""
    return [_candidate(house, person, one) for one in list(dict.fromkeys(item_ids))[:MOST]]


def sign_all(
    house: House, person: Person, intentions: Collection[Intention], *, signature: str = "", key: str = ""
) -> list[Result]:
    """Sign each by itself: what is refused hinders no other. With `key` a repetition does nothing."""
    return [_sign(house, person, one, signature=signature, key=key) for one in list(intentions)[:MOST]]


def _sign(house: House, person: Person, one: Intention, *, signature: str, key: str) -> Result:
    known = _known(house, person, one.item_id, key)
    if known is not None:
        return known
    found = _candidate(house, person, one.item_id)
    if found.why_not:
        return Result(one.item_id, found.title, found.step, False, "not_together", found.why_not)
    asked = Request(
        version=one.version,
        outcome=found.outcome,
        opinion=one.opinion if found.opinion_offered else "",
        signature=signature if found.signature_offered else "",
        idempotency_key=f"{key}:{one.item_id}" if key else "",
    )
    try:
        door.act(house.engine, person, one.item_id, "complete", asked)
    except Refusal as refused:
        return Result(one.item_id, found.title, found.step, False, refused.code, refused.message)
    return Result(one.item_id, found.title, found.step, True)


def _known(house: House, person: Person, item_id: str, key: str) -> Result | None:
    """What became of the task when the same confirmation was sent before."""
    if not key:
        return None
    with house.database.read() as connection:
        row = QUERIES.row(connection, "answered", person_id=person.id, key=f"{key}:{item_id}")
        place = QUERIES.row(connection, "closed_place", item_id=item_id) if row else None
        if place is None:
            return None
        naming, version = Naming(house.engine.definitions, connection), place["definition_version_id"]
        title = naming.title(
            version, year=place["year"], subject=place["subject_name"], matter=place["matter"]
        )
        return Result(item_id, title, naming.step(version, place["element_id"]), True)


def _candidate(house: House, person: Person, item_id: str) -> Candidate:
    try:
        task = view(house.engine, person, item_id)
    except Refusal as refused:
        return Candidate(item_id, _("（看不到的任务）"), "", refused.message)
    item, version = task.item, task.item.definition_version_id
    with house.database.read() as connection:
        naming = Naming(house.engine.definitions, connection)
        title = naming.title(version, year=item.year, subject=item.subject_name, matter=item.matter)
        step, chosen = naming.step(version, item.element_id), approving(task)
        why = why_not(task, chosen)
        if why or chosen is None:
            return Candidate(item_id, title, step, why)
        form = form_to_read(connection, task)
        views = form.views() if form else []
        return Candidate(
            item_id=item_id,
            title=title,
            step=step,
            version=item.lock_version,
            outcome=chosen.key,
            label=chosen.label,
            facts=tuple(_facts(views))[:MOST_FACTS],
            differences=tuple(_differences(house, connection, task)) if item.round > 1 else (),
            form=form,
            opinion_required=chosen.key in task.opinion_required_for,
            opinion_offered=task.opinion_offered,
            signature_required=chosen.key in task.signature_required_for,
            signature_offered=task.signature_offered,
        )


def approving(task: ItemView) -> Outcome | None:
    """The outcome that says yes: what the vote counts as approval, else the first one drawn."""
    rule = vote_rule(task.element.properties)
    return next((one for one in task.outcomes if rule is None or rule.ballot(one.key)), None)


def why_not(task: ItemView, chosen: Outcome | None) -> str:
    """Why a task cannot be signed together with others; "" when it can."""
    if task.standstill or task.apart:
        return task.standstill or task.apart
    if task.registers_for:
        return _("要代录{body}的决定，请单独打开办理。").format(body=task.registers_for)
    if "claim" in task.verbs:
        return _("还没有认领，请先认领。")
    if "complete" not in task.verbs or chosen is None:
        return _("现在不由您办理。")
    fields = _to_fill(task)
    if fields:
        return _("要填写表单（{fields}），请单独打开办理。").format(fields="、".join(fields[:3]))
    return ""


def _to_fill(task: ItemView) -> list[str]:
    if task.form is None or task.form_locked:
        return []
    return forms.open_fields(
        compiled_form(task.form.version_id, task.form.content),
        stored=task.form.stored,
        readonly=task.form.readonly,
        context=task.context,
    )


def _facts(lines: list[list[View]]) -> list[tuple[str, str]]:
    """The fields of a form in order, a list by how many rows it has."""
    found: list[tuple[str, str]] = []
    for one in chain.from_iterable(lines):
        if one.kind == "group":
            found += _facts(one.lines)
        elif one.listing is not None:
            found.append((one.label or one.name, _("共 {n} 项").format(n=len(one.listing.rows))))
        elif one.kind not in ("text", "separator", "spacer", "table") and (one.shown or one.files):
            said = "、".join(file.name for file in one.files) or f"{one.prefix}{one.shown}{one.suffix}"
            found.append((one.label or one.name, said))
    return found


def _differences(house: House, connection: Connection, task: ItemView) -> list[Difference]:
    """What the newest submission of an earlier step says differently from the one before it."""
    rows = QUERIES.rows(connection, "submissions", instance_id=task.item.instance_id)
    newest = next((row for row in rows if row["element_id"] != task.item.element_id), None)
    same = [row for row in rows if newest and row["element_id"] == newest["element_id"]]
    element = task.version.drawn.elements.get(newest["element_id"]) if newest else None
    if len(same) < 2 or element is None or element.form_id is None:
        return []
    form = house.engine.definitions.form(connection, task.version.version.id, element.form_id)
    drawn = compiled_form(form.id, form_of_step(form.content, task.element.properties).content)
    now, before = (_said(drawn, row["content_text"]) for row in same[:2])
    labels = list(dict.fromkeys([*now, *before]))
    return [
        Difference(label, before.get(label, ""), now.get(label, ""))
        for label in labels
        if before.get(label, "") != now.get(label, "")
    ]


def _said(form: forms.Form, content: str) -> dict[str, str]:
    """Every value of a submission by its label, those in rows with the row."""
    return dict(_flat(forms.read_views(form, data=orjson.loads(content)), ""))


def _flat(lines: list[list[View]], before: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for one in chain.from_iterable(lines):
        label = f"{before}{one.label or one.name}"
        if one.kind == "group":
            found += _flat(one.lines, before)
        elif one.listing is not None:
            for row in one.listing.rows:
                name = row.title or _("第 {n} 项").format(n=row.number)
                cells = [[cell for cell in row.cells if cell], *row.lines]
                found += _flat(cells, f"{label} {name} · ")
        elif one.shown:
            found.append((label, one.shown))
    return found
