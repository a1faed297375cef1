"""What a task page shows: the item, its form with data and draft, and what may be done.

Its history is asked by who shows it (`engine.work.history`): not everybody who looks at a task does.
"""

from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from engine.bpmn.model import Element
from engine.bpmn.outcomes import Outcome
from engine.people.persons import Person
from engine.people.rights import may, stood_in_for
from engine.runtime.definitions.versions import ProcessVersion
from engine.runtime.engine import Engine
from engine.runtime.instances.suspending import why_it_stands
from engine.runtime.setup import Actor
from engine.runtime.steps.rows import read_instance
from engine.runtime.steps.step import RUNNING, Step, look_at
from engine.verbs import rules
from engine.verbs.others.separation import because
from engine.verbs.registry import VERBS
from engine.verbs.showing.form import TaskForm, task_form
from engine.verbs.showing.readers import NOTHING, hidden_from
from engine.verbs.showing.seeing import open_item, possible
from engine.verbs.signers.beside import NOBODY, Beside, beside_of
from engine.verbs.signers.signatures import Signing, signing_of
from engine.verbs.tokens.returning import targets
from engine.verbs.visit import Request, Visit, thing_of
from engine.verbs.working.choosing import NextHandlers, next_handlers
from engine.verbs.working.claiming import taken
from engine.verbs.working.drafts import SavedDraft, read_draft
from engine.work import history
from engine.work.items import QUERIES, Item

FINISHING = ("complete", "register_for", "answer")
"""The verbs that finish a person's own task."""


@dataclass(frozen=True)
class Target:
    """A step to which the task may be sent back."""

    element_id: str
    name: str


@dataclass(frozen=True)
class ItemView:
    """Everything about one open item that its page needs."""

    item: Item
    version: ProcessVersion
    element: Element
    form: TaskForm | None
    context: dict[str, object]
    draft: SavedDraft | None
    return_reason: str | None
    outcomes: list[Outcome] = field(default_factory=list)
    verbs: list[str] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    registers_for: str | None = None
    opinion_offered: bool = True
    opinion_required_for: frozenset[str] = frozenset()
    may_act: bool = False
    standing_for: str = ""
    """Whom the reader stands in for with this item (代理)."""
    apart: str = ""
    """Why the reader must not decide here although the item is theirs or whom they stand in for."""
    standstill: str = ""
    """Why nothing can be done now: the instance stands still (挂起)."""
    signing: Signing | None = None
    """Who else signs, where several people decide the step."""
    signs_for: str = ""
    """Who asked or added the reader, beside whose task this one stands."""
    form_locked: bool = False
    """The form is that person's: the reader only says what they think of it."""

    @property
    def finishing(self) -> str:
        """The verb by which the reader finishes the task."""
        usual = "register_for" if self.registers_for else "complete"
        return next((verb for verb in self.verbs if verb in FINISHING), usual)

    next_handlers: tuple[NextHandlers, ...] = ()
    """For which later steps the reader may choose who does them."""
    signature_offered: bool = False
    signature_required_for: frozenset[str] = frozenset()
    """The outcomes that have to be signed by hand (手写签名)."""


def view(engine: Engine, person: Person, item_id: str) -> ItemView:
    """Read one open item for its page; the first look by who may act marks it read.

    Raises `NotVisible`, or `Closed` with who did it.
    """
    with engine.database.read() as connection:
        item = open_item(connection, person, item_id)
        step = look_at(
            engine.setup,
            connection,
            read_instance(connection, item.instance_id),
            actor=Actor(person.id, person.name),
        )
        found = _view(engine, connection, person, item, step)
    if found.may_act and item.opened_at is None:
        with engine.database.write() as connection:
            QUERIES.run(connection, "mark_opened", id=item.id, opened_at=engine.clock.now())
    return found


def _read(form: TaskForm | None) -> TaskForm | None:
    """The form with all its data read: who shows it has no transaction any more."""
    return None if form is None else replace(form, stored=dict(form.stored))


def _view(engine: Engine, connection: Connection, person: Person, item: Item, step: Step) -> ItemView:
    visit = Visit(engine.setup, connection, person, item, step, Request(version=item.lock_version))
    element, may_act = visit.element, may(person, "act_item", thing_of(item))
    context = step.context(element.id, token=visit.wait.token, unit_id=item.unit_id)
    visit.standing = stood_in_for(person, "act_item", thing_of(item))
    apart = may_act and (because(visit) or taken(visit))
    choices = rules.outcomes(element)
    beside = beside_of(visit) if may_act else NOBODY
    running = step.row.status == RUNNING
    hidden = NOTHING if may_act else _hidden(visit)
    return ItemView(
        item=item,
        version=step.version,
        element=element,
        form=_read(task_form(engine.setup, step.version, element, context, hidden=hidden)),
        context=dict(context.variables),
        draft=_draft(visit, beside) if may_act else None,
        return_reason=_reason(connection, item),
        outcomes=choices,
        verbs=_verbs(visit) if running and not apart else [],
        targets=_targets(visit) if may_act else [],
        registers_for=rules.registers_for(element),
        opinion_offered=rules.opinion_offered(element),
        opinion_required_for=frozenset(
            one.key for one in choices if rules.opinion_required(element, one.key)
        ),
        may_act=may_act and running and not apart,
        standing_for=visit.standing.name if visit.standing else "",
        apart=apart or "",
        standstill="" if running else why_it_stands(connection, item.instance_id, zone=engine.setup.zone),
        signing=signing_of(visit),
        signs_for=beside.name,
        form_locked=beside.locked,
        next_handlers=tuple(next_handlers(visit)) if may_act else (),
        signature_offered=rules.signature_offered(element),
        signature_required_for=frozenset(
            one.key for one in choices if rules.signature_required(element, one.key)
        ),
    )


def _hidden(visit: Visit) -> frozenset[str]:
    return hidden_from(
        visit.setup,
        visit.connection,
        visit.person,
        instance_id=visit.item.instance_id,
        version=visit.step.version,
        element=visit.element,
    )


def _draft(visit: Visit, beside: Beside) -> SavedDraft | None:
    """One's own, else what the one has filled in beside whom one stands."""
    if beside.locked:
        return beside.draft
    return read_draft(visit.connection, visit.holder_id, visit.item) or beside.draft


def _verbs(visit: Visit) -> list[str]:
    """The verbs that the page offers this person now; whoever may finish the step may save a draft of it."""
    found = [verb.key for verb in possible(visit, VERBS)]
    finishing = [place for place, verb in enumerate(found) if verb in FINISHING]
    if finishing:
        found.insert(finishing[0] + 1, "save_draft")
    return found


def _targets(visit: Visit) -> list[Target]:
    if not rules.drawn(visit.element, "return_to"):
        return []
    return [Target(one, visit.step.version.element(one).name) for one in targets(visit)]


def _reason(connection: Connection, item: Item) -> str | None:
    if item.return_reason_id is None:
        return None
    row = history.QUERIES.row(connection, "text", id=item.return_reason_id)
    return row["content_text"] if row else None
