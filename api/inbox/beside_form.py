"""What stands beside a task's form: phrases for the opinion, whom to choose for later steps, signatures."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from engine.people.persons import Person
from engine.verbs.showing.view import ItemView
from engine.verbs.working.choosing import NextHandlers
from engine.work.phrases import Use, phrases_for
from engine.work.signature_images import SignatureImage, images_of

NEXT = "next_handlers."
"""How the fields of a choice are called in the page's form; the step's id follows."""
MOST_OFFERED = 12
"""So many phrases stand beside an opinion; all of them are on their own page."""


@dataclass(frozen=True)
class BesideForm:
    """`chosen` and `signature` are what was sent before, where the page is shown again."""

    phrases: tuple[str, ...] = ()
    next_handlers: tuple[NextHandlers, ...] = ()
    chosen: Mapping[str, str] | None = None
    signatures: tuple[SignatureImage, ...] = ()
    signature_offered: bool = False
    signature_always: bool = False
    signature_for: tuple[str, ...] = ()
    signature: str = ""


def beside_form(
    connection: Connection, person: Person, task: ItemView, *, sent: Mapping[str, str] | None = None
) -> BesideForm:
    """Everything beside the form; two statements, the second only where a signature is wanted."""
    sent = sent or {}
    every = {one.key for one in task.outcomes}
    images = images_of(connection, person.id) if task.signature_offered else []
    newest = images[0].id if images and task.signature_required_for else ""
    return BesideForm(
        phrases=_words(connection, person, task) if task.opinion_offered else (),
        next_handlers=task.next_handlers,
        chosen={name.removeprefix(NEXT): key for name, key in sent.items() if name.startswith(NEXT)},
        signatures=tuple(images),
        signature_offered=task.signature_offered,
        signature_always=bool(every) and every <= task.signature_required_for,
        signature_for=tuple(one.label for one in task.outcomes if one.key in task.signature_required_for),
        signature=sent.get("signature", newest),
    )


def words_for(connection: Connection, person: Person, use: Use, *, usual: bool = True) -> tuple[str, ...]:
    """The phrases that stand beside an opinion or a reason, the nearest first, each once.

    Without `usual`, none of those that come with the product: they speak of approving.
    """
    kept = [one for one in phrases_for(connection, person) if one.use == use and (usual or one.id)]
    return tuple(dict.fromkeys(one.content for one in kept))[:MOST_OFFERED]


def _words(connection: Connection, person: Person, task: ItemView) -> tuple[str, ...]:
    approving = any(one.key == "approve" for one in task.outcomes)
    return words_for(connection, person, "opinion", usual=approving)
