"""数据采集: who has delivered, a body's figures, its Excel file, asking for a correction; pages and REST."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection
from starlette.datastructures import UploadFile

from api.errors import Trouble
from api.house import House
from api.language import gettext as _
from api.office.assigning import thing_of
from api.office.following import chosen_cycle
from api.office.sight import cycles_for
from api.settings import MEGABYTE
from engine.people.persons import Person
from engine.people.rights import Thing, may
from engine.runtime.events.messages import NewMessage
from engine.verbs import door
from engine.verbs.refusals import Closed, NotAllowed
from engine.verbs.showing.view import view
from engine.work import inbox
from engine.work.bindings import FormData
from processes.cycle.freezing import frozen_sentence
from processes.evaluation.collection.ledger import DataLocked
from processes.evaluation.collection.orders import Ordered, orders_of
from processes.evaluation.collection.queries import Delivery, deliveries, supplied
from processes.evaluation.collection.workbook import read_entries

PROCESS, COLLECTION, ASSESSMENT = "data_supply", "data_collection", "target_assessment"
ENTRIES = ("enter_data", "correct_data")
CORRECTION = "datum_correction"
SOURCES = {"self": "本单位自报", "bureau": "为别的单位提供"}


def followed(
    connection: Connection, person: Person, cycle_id: str
) -> tuple[list[dict[str, Any]], dict[str, Any], list[Delivery]]:
    """The cycles that the person follows, the chosen one, and its suppliers. Raises Trouble(403, 404)."""
    cycles = cycles_for(connection, person, "urge")
    chosen = chosen_cycle(cycles, cycle_id)
    return cycles, chosen, deliveries(connection, chosen["id"])


def own_supplies(connection: Connection, person: Person) -> list[Mapping[str, Any]]:
    """The cycles for which a body of the person supplies figures, newest first."""
    return [row for row in supplied(connection) if _sees(connection, person, row)]


def delivery(
    connection: Connection, person: Person, cycle_id: str, supplier_id: str
) -> tuple[Mapping[str, Any], list[Ordered]]:
    """One body's orders of a cycle. Raises Trouble(404) for who does not see this body's matters."""
    rows = [
        row
        for row in supplied(connection)
        if (row["cycle_id"], row["supplier_id"]) == (cycle_id, supplier_id)
    ]
    if not rows or not _sees(connection, person, rows[0]):
        raise Trouble(404, "not_found")
    return rows[0], orders_of(connection, cycle_id=cycle_id, supplier_id=supplier_id)


def entry_items(connection: Connection, person: Person) -> list[inbox.InboxRow]:
    """The person's open tasks to enter or correct figures, of every year."""
    rows = inbox.mine(connection, person, limit=200).items
    return [row for row in rows if row.process_key == PROCESS and row.element_id in ENTRIES]


def open_entry(house: House, person: Person, item_id: str) -> tuple[FormData, list[Ordered]]:
    """The form of an entry task as the person left it, and its orders. Raises Trouble(404), a Refusal."""
    seen = view(house.engine, person, item_id)
    item = seen.item
    if item.process_key != PROCESS or item.element_id not in ENTRIES or seen.form is None:
        raise Trouble(404, "not_found")
    if seen.standstill:
        raise Closed(seen.standstill)
    if not seen.may_act:
        raise NotAllowed(_("您可以查看这项任务，但不能填报：它由其他岗位或人员办理。"))
    form = dict(seen.draft.data) if seen.draft is not None else dict(seen.form.stored)
    asked = {str(row["id"]) for row in seen.form.stored["rows"]}
    with house.database.read() as connection:
        orders = orders_of(connection, cycle_id=item.cycle_id, supplier_id=item.subject_unit_id)
    return form, [order for order in orders if str(order.row["id"]) in asked]


def import_figures(house: House, person: Person, item_id: str, upload: UploadFile) -> int:
    """Fill an entry form from a file, as a draft; how many lines. One wrong line and nothing is filled.

    Nothing is reported before the person has looked at the form and sent it.
    Raises ImportRefused, Trouble(404, 413), a Refusal.
    """
    form, orders = open_entry(house, person, item_id)
    data = upload.file.read(house.settings.max_upload_mb * MEGABYTE + 1)
    if len(data) > house.settings.max_upload_mb * MEGABYTE:
        raise Trouble(413, "too_large")
    said = {one.order_id: one.as_row() for one in read_entries(data, orders)}
    rows = [{**line, **said.get(str(line["id"]), {})} for line in form["rows"]]
    door.save_draft(house.engine, person, item_id, fields={**form, "rows": rows})
    return len(said)


def ask_correction(house: House, person: Person, cycle_id: str, supplier_id: str, source: str) -> None:
    """申请更正: recognised figures come back to the body's desk. Raises Trouble(403, 404, 409, 422)."""
    if source not in SOURCES:
        raise Trouble(422, "source", _("请选择自报的或为别的单位提供的数据。"))
    with house.database.write() as connection:
        row, orders = delivery(connection, person, cycle_id, supplier_id)
        if not _supplies(person, row):
            raise Trouble(403, "not_allowed", _("只有报送数据的单位可以申请更正。"))
        mine = [order for order in orders if order.row["source"] == source]
        if sentence := frozen_sentence(connection, cycle_id):
            raise Trouble(409, "frozen", sentence)
        if any(order.datum is not None and order.datum["status"] == "locked" for order in mine):
            raise Trouble(409, "locked", str(DataLocked("")))
        if not mine or any(order.state not in ("已认定", "已作废") for order in mine):
            raise Trouble(409, "not_recognised", _("数据还没有认定，请在办理中的任务里修改。"))
        house.engine.publish(
            connection,
            NewMessage(
                cycle_id=cycle_id,
                name=CORRECTION,
                correlation_key=f"{supplier_id}/{source}",
                variables={},
            ),
        )


def may_correct(person: Person, row: Mapping[str, Any], orders: list[Ordered]) -> list[str]:
    """Of which sources the person may ask for a correction now."""
    if not _supplies(person, row):
        return []
    by_source: dict[str, set[str]] = {}
    for order in orders:
        by_source.setdefault(str(order.row["source"]), set()).add(order.state)
    return sorted(source for source, states in by_source.items() if states <= {"已认定", "已作废"})


def _sees(connection: Connection, person: Person, row: Mapping[str, Any]) -> bool:
    return may(person, "see_target", thing_of(connection, row["supplier_id"], row["cycle_id"])) or may(
        person, "urge", Thing(assessor_id=row["assessor_id"], cycle_id=row["cycle_id"])
    )


def _supplies(person: Person, row: Mapping[str, Any]) -> bool:
    """Who follows this very body's matters, not as an office from above."""
    rights = person.rights_to("urge")
    return any(right.reach == "unit" and right.unit_id == row["supplier_id"] for right in rights)
