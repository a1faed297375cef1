"""Work items: lists, one item, and the verbs."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Form, Header, UploadFile

from api.errors import Trouble
from api.house import House, house_of
from api.inbox.forms_of_tasks import files_of_item, keep_upload
from api.naming import Naming
from api.rest import desk_shapes, work_shapes
from api.rest.addresses import group
from api.security.session import caller
from engine.people.persons import Person
from engine.verbs import door
from engine.verbs.refusals import Invalid
from engine.verbs.showing.view import ItemView, view
from engine.verbs.visit import Request as VerbRequest
from engine.work.bindings import FieldError

router: APIRouter = group("待办 work items")


@router.get("/work-items/{item_id}", summary="一项待办： 表单、数据、能做什么")
def show_item(
    item_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> work_shapes.Task:
    """One open item. 404 when invisible, 409 when it is done."""
    task = view(house.engine, person, item_id)
    with house.database.read() as connection:
        return _task(task, Naming(house.engine.definitions, connection))


@router.post("/work-items/{item_id}/files", summary="给一项待办上传附件", status_code=201)
def add_file(
    item_id: str,
    file: UploadFile,
    field: Annotated[str, Form(max_length=200, description="表单中的附件字段")],
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> work_shapes.KeptFile:
    """Keep one file for a field of the task's form; its id goes into `fields` when the task is completed.

    422 when the content is not what the name says, or is not accepted at all.
    """
    task = view(house.engine, person, item_id)
    kept = keep_upload(house, person, task, file, path=field)
    if isinstance(kept, FieldError):
        raise Invalid(kept.message, errors=(kept,))
    return work_shapes.KeptFile(id=kept, field=field, address=f"/api/v1/files/{kept}")


@router.post("/work-items/{item_id}/{verb}", summary="办理： claim, complete, return_to …")
def act_on_item(
    item_id: str,
    verb: str,
    sent: work_shapes.Verb,
    idempotency_key: Annotated[
        str, Header(max_length=200, description="同一请求重发时给同样的键，不会重复办理")
    ] = "",
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> work_shapes.Done:
    """Do a verb; the same door as the pages'. `save_draft` keeps `fields` and `opinion` unchecked."""
    if verb == "save_draft":
        door.save_draft(house.engine, person, item_id, fields=sent.fields, opinion=sent.opinion)
        return work_shapes.Done(id=item_id, instance_id="", verb=verb, outcome="", opened=[], ended=False)
    if verb not in door.VERBS:
        raise Trouble(404, "unknown_verb", f"没有“{verb}”这个办理方式。")
    with house.database.read() as connection:
        files = files_of_item(connection, person, item_id)
    asked = VerbRequest(files=files, idempotency_key=idempotency_key, **sent.as_request())
    return _done(door.act(house.engine, person, item_id, verb, asked))


def _done(answer: door.Answer) -> work_shapes.Done:
    return work_shapes.Done(
        id=answer.item_id,
        instance_id=answer.instance_id,
        verb=answer.verb,
        outcome=answer.outcome,
        opened=[
            work_shapes.Opened(
                id=one.item_id,
                element=one.element_id,
                name=one.element_name,
                unit_id=one.unit_id,
                post=one.post_key,
                assignee_id=one.assignee_id,
            )
            for one in answer.opened
        ],
        ended=answer.ended,
    )


def _task(task: ItemView, naming: Naming) -> work_shapes.Task:
    item, version = task.item, task.item.definition_version_id
    return work_shapes.Task(
        id=item.id,
        version=item.lock_version,
        title=naming.title(version, year=item.year, subject=item.subject_name, matter=item.matter),
        step=naming.step(version, item.element_id),
        instance_id=item.instance_id,
        process=item.process_key,
        element=item.element_id,
        round=item.round,
        due_on=item.due_on,
        returned_from=item.returned_from,
        return_reason=task.return_reason,
        form=_form(task),
        draft=dict(task.draft.data) if task.draft else None,
        outcomes=[
            work_shapes.Outcome(
                key=one.key,
                label=one.label,
                opinion_required=one.key in task.opinion_required_for,
                signature_required=one.key in task.signature_required_for,
            )
            for one in task.outcomes
        ],
        verbs=list(task.verbs),
        targets=[work_shapes.Target(element=one.element_id, name=one.name) for one in task.targets],
        apart=task.apart,
        next_handlers=[
            desk_shapes.NextHandlers(
                element=one.element_id,
                step=one.step,
                offered=[desk_shapes.Candidate(key=who.key, name=who.name) for who in one.offered],
            )
            for one in task.next_handlers
        ],
        signature=task.signature_offered,
        purpose=task.item.purpose,
        waits_for=task.item.waits_for,
        signs_for=task.signs_for,
        signing=_signing(task),
    )


def _signing(task: ItemView) -> work_shapes.Signing | None:
    signing = task.signing
    if signing is None:
        return None
    told = work_shapes.Signer.model_fields
    return work_shapes.Signing(
        vote=signing.rule.form,
        ratio=str(signing.rule.ratio),
        reject=signing.rule.reject,
        approvals=signing.approvals,
        rejections=signing.rejections,
        signers=[
            work_shapes.Signer(**{name: getattr(line, name) for name in told}) for line in signing.signers
        ],
        leads_to=signing.leads_to,
    )


def _form(task: ItemView) -> work_shapes.TaskForm | None:
    if task.form is None:
        return None
    drawn: dict[str, Any] = orjson.loads(task.form.content)
    return work_shapes.TaskForm(form=drawn, data=plain(task.form.shown), readonly=sorted(task.form.readonly))


def plain(data: Any) -> Any:
    """Data as JSON says it: decimals and dates as text."""
    return orjson.loads(orjson.dumps(data, default=str))
