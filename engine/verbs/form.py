"""The form of a user task: what it shows, and what a submission of it may write."""

from dataclasses import dataclass
from typing import Any

from engine.bpmn.later import Variables, as_stored
from engine.bpmn.model import Element
from engine.runtime.definitions.versions import ProcessVersion
from engine.runtime.setup import Setup
from engine.verbs.refusals import Invalid
from engine.verbs.rules import readonly_keys
from engine.work.bindings import FormCheckRequest, FormData, RecordBinding, StepContext


@dataclass(frozen=True)
class TaskForm:
    """A task's form: its JSON, the id of its version, and the data as stored.

    Data from variables may hold long values that are read when somebody looks, while the transaction lasts.
    """

    content: bytes
    version_id: str
    stored: FormData
    readonly: frozenset[str]


def task_form(
    setup: Setup, version: ProcessVersion, element: Element, context: StepContext
) -> TaskForm | None:
    """The form of a user task with its data from the record binding or the variables; None without a form."""
    if element.form_id is None:
        return None
    form = setup.definitions.form(context.connection, version.version.id, element.form_id)
    record = record_of(setup, element)
    stored = record.read(context) if record else Variables(as_stored(context.variables))
    return TaskForm(form.content, form.id, stored, readonly_keys(element))


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
    wrong = record.check(context, checked.data, outcome=outcome) if record else []
    if wrong:
        raise Invalid(f"有 {len(wrong)} 处需要修改，已填内容均已保留。", errors=tuple(wrong))
    return checked.data


def store(
    setup: Setup, element: Element, context: StepContext, data: FormData, *, outcome: str
) -> dict[str, Any]:
    """Store what `accept` took, once the step is decided; the variables that come of it."""
    if element.form_id is None:
        return {}
    record = record_of(setup, element)
    return record.write(context, data, outcome=outcome) if record else dict(data)


def record_of(setup: Setup, element: Element) -> RecordBinding | None:
    """The record binding that the diagram names, or None."""
    name = element.properties.get("bihuan:record")
    return setup.bindings.records[name] if name else None
