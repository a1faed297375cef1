"""A task's form between browser and engine: compiled once, shown, and read back with its uploads."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final
from uuid import UUID

import orjson
from markupsafe import Markup
from sqlalchemy import Connection
from starlette.datastructures import FormData, UploadFile

import forms
from api.assembly import compiled_form
from api.files import store
from api.house import House
from api.language import current_language
from api.settings import MEGABYTE
from api.story import QUERIES
from api.typed import Called, Words
from engine.ids import new_id
from engine.people.persons import Person, person_of
from engine.people.refusals import PeopleRefused
from engine.store import Row, insert_rows
from engine.verbs import door
from engine.verbs.refusals import Refusal
from engine.verbs.showing.view import ItemView, view
from engine.work.bindings import FieldError
from forms.components import Component
from forms.files import RefusedFile, check_upload, kinds_of, size_in_words
from forms.views import Mode, View

_MOST_FILES: Final = 50
_TASK: Final = re.compile(r"/tasks/([0-9a-f-]{36})/")


@dataclass(frozen=True)
class Sent:
    """What a browser sent for a task: data, uploads that were stored, uploads that were refused."""

    data: dict[str, object]
    edit: bool = False
    files: frozenset[str] = frozenset()
    errors: tuple[FieldError, ...] = field(default=())


def read_sent(house: House, person: Person, task: ItemView, fields: FormData) -> Sent:
    """Read a posted form. Good uploads are stored at once, so that they are kept whatever follows."""
    if task.form is None:
        return Sent({})
    posted = forms.parse_post(compiled_form(task.form.version_id, task.form.content), fields)
    errors: list[FieldError] = []
    for path, uploads in posted.uploads.items():
        kept = []
        for upload in uploads:
            if isinstance(upload, UploadFile):
                answer = keep_upload(house, person, task, upload, path=path)
                if isinstance(answer, FieldError):
                    errors.append(answer)
                else:
                    kept.append(answer)
        forms.attach(posted.data, path, kept)
    with house.database.read() as connection:
        files = files_of_item(connection, person, task.item.id)
    return Sent(posted.data, posted.edit is not None, files, tuple(errors))


def keep_upload(
    house: House, person: Person, task: ItemView, upload: UploadFile, *, path: str
) -> str | FieldError:
    """Judge one upload by the form's field and its bytes, store it, write its row; the row's id, or why not.

    Raises NotAllowed for who may look at the task but not work on it.
    """
    door.allow(person, task.item, door.VERBS["complete"])
    picker = _picker_at(task, path)
    if picker is None:
        return FieldError(path, "unknown", "表单没有这个附件栏，文件没有上传。")
    if _is_shut(task, picker):
        return FieldError(path, "readonly", "这个附件栏在此环节只能看，文件没有上传。")
    with house.database.read() as connection:
        if len(files_of_item(connection, person, task.item.id)) >= _MOST_FILES:
            message = f"一项待办每人最多上传 {_MOST_FILES} 个文件，这个文件没有上传。"
            return FieldError(path, "too_many", message)
    limit = house.settings.max_upload_mb * MEGABYTE
    content = upload.file.read(limit + 1)
    verdict = check_upload(
        upload.filename or "", content, limit=limit, kinds=kinds_of(picker.look.accept), whole=upload.size
    )
    if isinstance(verdict, RefusedFile):
        return FieldError(path, verdict.code, verdict.message)
    stored = store(house.settings.files_dir, BytesIO(content), max_bytes=limit)
    row: Row = {
        "id": new_id(),
        "cycle_id": task.item.cycle_id,
        "instance_id": task.item.instance_id,
        "element_id": task.item.element_id,
        "item_id": task.item.id,
        "field": path,
        "digest": stored.digest,
        "name": verdict.name,
        "media_type": verdict.media_type,
        "size": stored.size,
        "created_by": person.id,
        "created_at": house.engine.clock.now(),
    }
    with house.database.write() as connection:
        insert_rows(connection, "file", [row])
    return str(row["id"])


def _picker_at(task: ItemView, path: str) -> Component | None:
    """The file field at `path`; None when the form has none there."""
    if task.form is None:
        return None
    found = compiled_form(task.form.version_id, task.form.content).field_at(path)
    return found if found is not None and found.kind == "filepicker" else None


def _is_shut(task: ItemView, picker: Component) -> bool:
    """Whether the step has the field to read only, whatever else is entered."""
    named = {"*", picker.id, ".".join(picker.path), ".".join(picker.key)}
    return picker.readonly is True or bool(task.form and named & task.form.readonly)


@dataclass(frozen=True)
class FormToRead:
    """A form with what is in it, for reading only: on a page, or on paper."""

    form: forms.Form
    stored: Mapping[str, object]
    data: Mapping[str, object] = field(default_factory=dict)
    readonly: frozenset[str] = frozenset()
    context: Mapping[str, object] = field(default_factory=dict)
    files: Mapping[str, forms.FileLink] = field(default_factory=dict)

    def html(self, mode: Mode) -> Markup:
        """The form as HTML: "read" or "print"."""
        return forms.render(self.form, mode=mode, language=current_language(), **self._given())

    def views(self) -> list[list[View]]:
        """The form as views, for other kinds of paper."""
        return forms.read_views(self.form, language=current_language(), **self._given())

    def _given(self) -> dict[str, Any]:
        names = ("stored", "data", "readonly", "context", "files")
        return {name: getattr(self, name) for name in names}


def naming_of(form: forms.Form | None) -> Called | None:
    """What fields are called on a task's form, for what was typed into it."""
    if form is None:
        return None
    return lambda name, value: Words(
        forms.label_at(form, name, current_language()), forms.value_at(form, name, value)
    )


def naming_on_task(task: ItemView) -> Called | None:
    """What fields are called on the page of an open task."""
    form = task.form
    return naming_of(compiled_form(form.version_id, form.content) if form else None)


def called_at(house: House, user_id: str, path: str) -> Called | None:
    """What fields are called on the task to which a page posts, for who may see it; None for other pages."""
    task = _TASK.match(path)
    if task is None:
        return None
    try:
        with house.database.read() as connection:
            person = person_of(connection, user_id, on=house.today)
        return naming_on_task(view(house.engine, person, task[1]))
    except (Refusal, PeopleRefused):
        return None


def form_to_read(connection: Connection, task: ItemView) -> FormToRead | None:
    """The form of an open task with its draft, for reading; None without a form."""
    if task.form is None:
        return None
    entered = task.draft.data if task.draft else {}
    return FormToRead(
        compiled_form(task.form.version_id, task.form.content),
        stored=task.form.stored,
        data=entered,
        readonly=task.form.readonly,
        context=task.context,
        files=links_of(connection, task.item.id, stored=task.form.stored, entered=entered),
    )


def files_of_item(connection: Connection, person: Person, item_id: str) -> frozenset[str]:
    """The files that a person has uploaded with an item."""
    rows = QUERIES.rows(connection, "files_of_item", item_id=item_id, person_id=person.id)
    return frozenset(row["id"] for row in rows)


def show_form(
    connection: Connection,
    task: ItemView,
    *,
    mode: Mode,
    data: Mapping[str, object] | None,
    errors: Sequence[FieldError] = (),
) -> Markup:
    """The task's form as HTML: stored data, what was entered since, a sentence beside each wrong field."""
    if task.form is None:
        return Markup("")
    return forms.render(
        compiled_form(task.form.version_id, task.form.content),
        stored=task.form.stored,
        data=data,
        errors=errors,
        readonly=task.form.readonly,
        context=task.context,
        language=current_language(),
        mode=mode,
        files=links_of(connection, task.item.id, stored=task.form.stored, entered=data or {}),
    )


def links_of(
    connection: Connection,
    item_id: str,
    *,
    stored: Mapping[str, object],
    entered: Mapping[str, object],
) -> dict[str, forms.FileLink]:
    """Links for the files that the data name; from what was only entered, none of other items."""
    known, wanted = set(_ids_in(stored)), set(_ids_in(entered))
    if not known | wanted:
        return {}
    rows = QUERIES.rows(connection, "named_files", ids=orjson.dumps(sorted(known | wanted)).decode())
    return {
        row["id"]: forms.FileLink(row["id"], row["name"], size_in_words(row["size"]), f"/files/{row['id']}")
        for row in rows
        if row["id"] in known or row["item_id"] == item_id
    }


def _ids_in(value: object) -> list[str]:
    if isinstance(value, Mapping):
        return [found for part in value.values() for found in _ids_in(part)]
    if isinstance(value, list | tuple):
        return [found for part in value for found in _ids_in(part)]
    return [value] if isinstance(value, str) and len(value) == 36 and _is_id(value) else []


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
