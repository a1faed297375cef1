"""An open task shown: its page, whatever was entered since and whatever was refused; and the page of 退回."""

from collections.abc import Mapping, Sequence

from fastapi import Request
from starlette.responses import Response

from api.errors import Trouble
from api.house import House
from api.inbox.beside_form import NEXT, words_for
from api.inbox.forms_of_tasks import Sent, naming_on_task, show_form
from api.inbox.sending_back import choices_of, with_effects
from api.inbox.task_page import task_page
from api.language import gettext as _
from api.pages import page
from api.typed import known_as
from engine.people.persons import Person
from engine.verbs.refusals import Refusal
from engine.verbs.showing.view import ItemView
from engine.verbs.visit import MOST_OPINION
from engine.work.bindings import FieldError


def show(
    request: Request,
    house: House,
    person: Person,
    task: ItemView,
    *,
    sent: Sent | None = None,
    opinion: str | None = None,
    refused: Refusal | None = None,
    said: str = "",
    checked: bool = False,
    beside: Mapping[str, str] | None = None,
) -> Response:
    """The page of an open task."""
    errors: Sequence[FieldError] = getattr(refused, "errors", ())
    data: Mapping[str, object] | None = sent.data if sent else task.draft.data if task.draft else None
    apart = {error.field: error.message for error in errors if _is_beside(error.field)}
    known_as(request, naming_on_task(task))
    told_by_form = any(error.field not in (*apart, "opinion", "outcome") for error in errors)
    with house.database.read() as connection:
        content = task_page(connection, house, person, task, opinion_text=opinion, sent=beside)
        form = show_form(
            connection,
            task,
            mode="edit" if content.may_write and not content.form_locked else "read",
            data=data,
            errors=[error for error in errors if error.field not in apart],
        )
    return page(
        request,
        "task/task.html",
        status=refused.status if refused else 200,
        diagram=True,
        task=content,
        form=form,
        opinion_error=next((error.message for error in errors if error.field == "opinion"), ""),
        signature_error=apart.get("signature", ""),
        choice_errors={name.removeprefix(NEXT): said for name, said in apart.items()},
        refusal=refused.message if refused and not told_by_form else "",
        refusal_advice=(refused.hint or _("您填写的内容都还在下面。")) if refused else "",
        said=said,
        checked=checked,
    )


def _is_beside(field: str) -> bool:
    """Whether an error belongs to what stands beside the form, not in it."""
    return field == "signature" or field.startswith(NEXT)


def show_return_page(
    request: Request,
    house: House,
    person: Person,
    task: ItemView,
    *,
    opinion: str,
    outcome: str = "",
    refused: Refusal | None = None,
    signature: str | None = None,
) -> Response:
    """退回: to which step, why, and how it comes back."""
    choices = with_effects(house, person, task, choices_of(task, only=outcome))
    if not choices:
        raise Trouble(403, "not_allowed", _("这一步不能退回。"))
    errors: Sequence[FieldError] = getattr(refused, "errors", ())
    beside = None if signature is None else {"signature": signature}
    with house.database.read() as connection:
        content = task_page(connection, house, person, task, opinion_text=opinion, sent=beside)
        phrases = words_for(connection, person, "return")
    return page(
        request,
        "task/return.html",
        status=refused.status if refused else 200,
        task=content,
        choices=choices,
        heading=choices[0].label if outcome else _("退回"),
        signs=any(one.value.startswith("outcome:") for one in choices) and content.beside.signature_offered,
        signature_error=next((error.message for error in errors if error.field == "signature"), ""),
        phrases=phrases,
        refusal=refused.message if refused else "",
        most=MOST_OPINION,
    )
