"""The form of a user task: what it shows, and what a submission of it may write."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from engine.bpmn.later import Variables, as_stored
from engine.bpmn.model import Element
from engine.runtime.definitions.versions import ProcessVersion
from engine.runtime.setup import Setup
from engine.verbs.refusals import Invalid
from engine.verbs.showing.fields import Path, form_of_step, restored, rights_of, without
from engine.work.bindings import FormCheckRequest, FormData, RecordBinding, StepContext


@dataclass(frozen=True)
class TaskForm:
    """A task's form: its JSON as this step has it, the id of its version, and the data as stored.

    `hidden` are the paths of fields that the step never gets: they are in `stored` alone, see `shown`.
    Data from variables may hold long values that are read when somebody looks, while the transaction lasts.
    """

    content: bytes
    version_id: str
    stored: FormData
    readonly: frozenset[str]
    hidden: tuple[Path, ...] = ()

    @property
    def shown(self) -> FormData:
        """The stored data without what is hidden from this step."""
        return without(dict(self.stored), self.hidden) if self.hidden else self.stored


def task_form(
    setup: Setup,
    version: ProcessVersion,
    element: Element,
    context: StepContext,
    *,
    hidden: frozenset[str] = frozenset(),
) -> TaskForm | None:
    """The form of a user task with its data from the record binding or the variables; None without a form.

    `hidden` are fields that its reader must not see though the step has them (see `readers`).
    """
    if element.form_id is None:
        return None
    form = setup.definitions.form(context.connection, version.version.id, element.form_id)
    record = record_of(setup, element)
    stored = record.read(context) if record else Variables(as_stored(context.variables))
    mine = form_of_step(form.content, element.properties, also=hidden)
    return TaskForm(mine.content, form.id, stored, rights_of(element.properties).readonly, mine.hidden)


def accept(
    setup: Setup,
    version: ProcessVersion,
    element: Element,
    context: StepContext,
    *,
    fields: FormData,
    files: frozenset[str],
    outcome: str,
) -> FormData:
    """Check what was sent; the clean data, not yet stored.

    Raises `Invalid` with one sentence for each field; nothing is written then.
    """
    form = task_form(setup, version, element, context)
    if form is None:
        return {}
    request = FormCheckRequest(
        form=form.content,
        form_version=form.version_id,
        data=fields,
        stored=form.stored,
        context=context.variables,
        readonly=form.readonly,
        files=files,
        today=context.today,
        functions=context.functions,
    )
    checked = setup.bindings.check_form(request)
    if checked.errors:
        raise Invalid(f"有 {len(checked.errors)} 处需要修改，已填内容均已保留。", errors=checked.errors)
    record = record_of(setup, element)
    whole = restored(checked.data, form.stored, form.hidden)
    wrong = record.check(context, whole, outcome=outcome) if record else []
    if wrong:
        raise Invalid(f"有 {len(wrong)} 处需要修改，已填内容均已保留。", errors=tuple(wrong))
    return checked.data


def store(
    setup: Setup,
    version: ProcessVersion,
    element: Element,
    context: StepContext,
    data: FormData,
    *,
    outcome: str,
) -> dict[str, Any]:
    """Store what `accept` took, once the step is decided; the variables that come of it."""
    if element.form_id is None:
        return {}
    record = record_of(setup, element)
    if record is None:
        return dict(data)
    if rights_of(element.properties).hidden:
        form = task_form(setup, version, element, context)
        assert form is not None  # the element names one
        data = restored(data, form.stored, form.hidden)
    return record.write(context, data, outcome=outcome)


def handed_in(
    setup: Setup, connection: Connection, version: ProcessVersion, element: Element, data: FormData
) -> FormData:
    """What the history keeps of a submission: without what is hidden from this step, also inside rows."""
    if element.form_id is None or not rights_of(element.properties).hidden:
        return data
    form = setup.definitions.form(connection, version.version.id, element.form_id)
    return without(data, form_of_step(form.content, element.properties).hidden)


def record_of(setup: Setup, element: Element) -> RecordBinding | None:
    """The record binding that the diagram names, or None."""
    name = element.properties.get("bihuan:record")
    return setup.bindings.records[name] if name else None
