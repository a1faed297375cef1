"""Drafts of a task's page: kept as they are, and never over one that another tab has left since."""

from collections.abc import Mapping
from contextlib import suppress

from starlette.datastructures import FormData

from api.house import House
from api.inbox.forms_of_tasks import Sent, read_sent
from api.security.posted import text_of
from engine.people.persons import Person
from engine.verbs import door
from engine.verbs.refusals import Stale
from engine.verbs.showing.view import ItemView
from engine.verbs.visit import MOST_OPINION
from engine.verbs.working.drafts import SavedDraft, mark_of

SEEN = "draft_seen"
"""The page's field that says which draft it has seen or left last."""


def opinion_in(form: FormData) -> str:
    """The opinion or the reason that a page sent."""
    return text_of(form, "opinion", longest=MOST_OPINION * 2)


def mark_shown(draft: SavedDraft | None) -> str:
    """The mark of the draft that a page shows; "" for none."""
    return mark_of(draft.data, draft.opinion) if draft else ""


def keep_own_draft(house: House, person: Person, task: ItemView, form: FormData) -> str:
    """Keep what the page sent, unless another tab has kept something else since; its mark. Raises `Stale`."""
    return keep_sent(house, person, task, form, fields=read_sent(house, person, task, form).data)


def keep_refused(house: House, person: Person, task: ItemView, form: FormData, sent: Sent) -> None:
    """Keep what could not be submitted: whoever leaves now to look something up finds it again."""
    with suppress(Stale):  # another tab's draft stays, this page shows its own
        keep_sent(house, person, task, form, fields=sent.data)


def keep_sent(
    house: House, person: Person, task: ItemView, form: FormData, *, fields: Mapping[str, object]
) -> str:
    """Keep `fields` and the page's opinion under the mark that it knows; the new mark. Raises `Stale`."""
    opinion = opinion_in(form)
    mark = mark_of(fields, opinion)
    ask = SEEN in form and not task.form_locked  # who only says what they think is shown another's draft
    known = (text_of(form, SEEN), mark) if ask else None
    door.save_draft(house.engine, person, task.item.id, fields=dict(fields), opinion=opinion, known=known)
    return mark
