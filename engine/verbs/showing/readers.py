"""字段权限 of who reads a step that is not theirs: they see its form as the steps do at which they stand.

A head whose 审核 hides a field does not find it in the 填报 before it, nor in the step after it, nor on
paper, nor among the files. Who stands at no step with that form reads it as the step itself has it; who was
only sent a copy (抄送), as whoever sent it.
"""

from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection

from engine.bpmn.model import Element
from engine.clock import today
from engine.people.persons import Person, person_of
from engine.people.visible import ConcernColumns, ThingColumns, visible
from engine.runtime.definitions.versions import ProcessVersion
from engine.runtime.setup import Setup
from engine.store import Queries
from engine.verbs.showing.fields import form_of_step, rights_of
from engine.work.history import INSTANCE

QUERIES = Queries(Path(__file__).with_name("readers.sql"))
NOTHING: frozenset[str] = frozenset()
_STANDING = ThingColumns(
    cycle="s.cycle_id",
    process="s.process_key",
    concerns=(
        ConcernColumns(holder="s.holder_id"),
        ConcernColumns(holder="s.for_id"),
        ConcernColumns(unit="s.unit_id", post_key="s.post_key"),
    ),
)
_WITHOUT_COPIES = replace(INSTANCE, concerns=tuple(one for one in INSTANCE.concerns if one.table != "copy c"))


def hidden_from(
    setup: Setup,
    connection: Connection,
    person: Person,
    *,
    instance_id: str,
    version: ProcessVersion,
    element: Element,
) -> frozenset[str]:
    """The fields (paths with dots) of a step's form that the person must not read: hidden from every step
    with the same form at which they stand. None are where they stand at the step itself.
    """
    alike = {
        one.id: one
        for one in version.drawn.elements.values()
        if one.form_id is not None and one.form_id == element.form_id and one.id != element.id
    }
    if not any(rights_of(one.properties).hidden for one in alike.values()):
        return NOTHING
    assert element.form_id is not None  # others have the same
    content = setup.definitions.form(connection, version.version.id, element.form_id).content
    steps = steps_of(connection, person, instance_id)
    sender = None if steps else _sender(setup, connection, person, instance_id)
    if sender is not None:
        steps = steps_of(connection, sender, instance_id)
    if element.id in steps:
        return NOTHING
    cut = [
        frozenset(form_of_step(content, one.properties).hidden) for one in alike.values() if one.id in steps
    ]
    return frozenset(".".join(path) for path in frozenset.intersection(*cut)) if cut else NOTHING


def _sender(setup: Setup, connection: Connection, person: Person, instance_id: str) -> Person | None:
    """Who sent a copy to a person who sees the instance by nothing else."""
    rule = visible(person, "see_instance", _WITHOUT_COPIES)
    rows = QUERIES.rows_where(
        connection, "sent_by", rule.text, **rule.values, instance_id=instance_id, me=person.id
    )
    if not rows:
        return None
    return person_of(connection, rows[0]["from_id"], on=today(setup.clock, setup.zone))


def steps_of(connection: Connection, person: Person, instance_id: str) -> frozenset[str]:
    """The steps (ids of elements) of an instance at which the person stands, or stood."""
    rule = visible(person, "act_item", _STANDING)
    rows = QUERIES.rows_where(
        connection,
        "steps",
        rule.text,
        **rule.values,
        instance_id=instance_id,
        acted_in=instance_id,
    )
    return frozenset(row["element_id"] for row in rows)
