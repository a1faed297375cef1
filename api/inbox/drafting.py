"""Drafts of a task's page: kept as they are, and never over one that another tab has left since."""

from hashlib import sha256
from typing import Any

import orjson
from starlette.datastructures import FormData

from api.house import House
from api.inbox.forms_of_tasks import Sent, read_sent
from api.language import gettext as _
from api.security.posted import text_of
from engine.people.persons import Person
from engine.verbs import door
from engine.verbs.refusals import Stale
from engine.verbs.showing.view import ItemView
from engine.verbs.visit import MOST_OPINION
from engine.verbs.working.drafts import SavedDraft

SEEN = "draft_seen"
"""The page's field that says which draft it has seen or left last."""


def opinion_in(form: FormData) -> str:
    """The opinion or the reason that a page sent."""
    return text_of(form, "opinion", longest=MOST_OPINION * 2)


def mark_of(draft: SavedDraft | None) -> str:
    """What tells one draft from another; "" for none."""
    return _mark(dict(draft.data), draft.opinion) if draft else ""


def keep_draft(house: House, person: Person, task: ItemView, form: FormData) -> Sent:
    """Keep what the page sent, whatever was kept before."""
    sent = read_sent(house, person, task, form)
    _keep(house, person, task, sent, form)
    return sent


def keep_own_draft(house: House, person: Person, task: ItemView, form: FormData) -> str:
    """Keep what the page sent, unless another tab has kept something else since; its mark. Raises `Stale`."""
    sent = read_sent(house, person, task, form)
    if is_newer_elsewhere(task, sent, form):
        raise Stale(
            _("这项任务的草稿刚在另一个窗口里改过，这里填写的没有存进草稿，都还在页面上。"),
            hint=_("要看那一份，请在新窗口打开这项任务；再按一次“暂存”，就以这里的为准。"),
        )
    _keep(house, person, task, sent, form)
    return _mark(sent.data, opinion_in(form))


def is_newer_elsewhere(task: ItemView, sent: Sent, form: FormData) -> bool:
    """Whether the stored draft is neither the one that the page knows nor what it sends."""
    known = (text_of(form, SEEN), _mark(sent.data, opinion_in(form)))
    return SEEN in form and task.draft is not None and mark_of(task.draft) not in known


def _keep(house: House, person: Person, task: ItemView, sent: Sent, form: FormData) -> None:
    door.save_draft(house.engine, person, task.item.id, fields=dict(sent.data), opinion=opinion_in(form))


def _mark(data: dict[str, Any], opinion: str) -> str:
    told = orjson.dumps([data, opinion.strip()], default=str, option=orjson.OPT_SORT_KEYS)
    return sha256(told).hexdigest()[:16]
