"""What was said and assigned during planning stays in the database as it was; an answer is given once."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from engine.store import Database
from processes.demo import Demo, build_demo
from processes.planning.decisions import Consultation, ConsultationComment, ReviewRemark
from processes.planning.records import Objection, TargetAssignment
from processes.tables import table_of
from tests.databases import Filling, Templates

AT = datetime(2018, 3, 1, 1, 0, tzinfo=UTC)
LATER = "'2018-03-02T00:00:00.000000Z'"
ANSWERS = {
    "review_remark": f"forwarded_at = {LATER}",
    "objection": f"answer = '维持', accepted = false, answered_at = {LATER}",
    "target_assignment": f"version_number = 2, applied_at = {LATER}",
    "consultation": f"state = 'closed', closed_at = {LATER}",
    "consultation_comment": f"answer = '谢谢', adopted = true, answered_at = {LATER}",
}
SAID = {
    "review_remark": "text = 'x'",
    "objection": "text = 'x'",
    "target_assignment": "document = 'x'",
    "consultation": "closes_on = '2018-12-31'",
    "consultation_comment": "text = 'x'",
}


@pytest.fixture
def laid(home: str, templates: Templates, tmp_path: Path) -> Iterator[Database]:
    """One row of each kind, none of them answered."""
    with templates.copy(home, tmp_path, filling=SAID_ONCE) as url:
        database = Database(url)
        yield database
        database.close()


def test_what_was_said_is_answered_once_and_otherwise_never_changed_or_deleted(laid: Database) -> None:
    for table, answer in ANSWERS.items():
        refused(laid, table, f"update {table} set {SAID[table]}")
        refused(laid, table, f"update {table} set {SAID[table]}, {answer}")
        with laid.write() as connection:
            assert connection.execute(text(f"update {table} set {answer}")).rowcount == 1
        refused(laid, table, f"update {table} set {answer}")
        refused(laid, table, f"update {table} set {SAID[table]}")
        refused(laid, table, f"delete from {table}")


@pytest.mark.parametrize("table", sorted(ANSWERS))
def test_half_an_answer_without_its_time_is_refused(laid: Database, table: str) -> None:
    half = ANSWERS[table].rsplit(", ", 1)[0] if ", " in ANSWERS[table] else "forwarded_at = null"
    refused(laid, table, f"update {table} set {half}")


def refused(database: Database, table: str, statement: str) -> None:
    with pytest.raises(DBAPIError, match=f"{table} is never"), database.write() as connection:
        connection.execute(text(statement))


def _put(url: str) -> None:
    database = Database(url)
    with database.write() as connection:
        _lay(connection, build_demo(connection, password_hash=""))
    database.close()


SAID_ONCE = Filling("planning-said-once", _put)


def _lay(connection: Connection, demo: Demo) -> None:
    cycle, unit = demo.cycles[2018], demo.units["市环保局"]
    target = connection.execute(
        text("select id from target where unit_id = :unit and cycle_id = :cycle limit 1"),
        {"unit": unit, "cycle": cycle},
    ).scalar_one()
    said = {"text": "偏低", "made_at": AT}
    rows: dict[type[SQLModel], dict[str, Any]] = {
        ReviewRemark: {"cycle_id": cycle, "unit_id": unit, "body": "财政", "round": 1, "instance_id": "i"}
        | said,
        Objection: {"target_id": target, "round": 1, "answer": ""} | said,
        TargetAssignment: {
            "target_id": target,
            "figures": {},
            "document": "文",
            "by_person": "p",
            "made_at": AT,
        },
        Consultation: {
            "id": "c",
            "cycle_id": cycle,
            "opened_at": AT,
            "closes_on": date(2018, 4, 1),
            "state": "open",
            "instance_id": "i",
        },
        ConsultationComment: {
            "consultation_id": "c",
            "target_title": "",
            "name": "",
            "text": "好",
            "created_at": AT,
            "answer": "",
        },
    }
    for record, row in rows.items():
        table = table_of(record)
        connection.execute(insert(table).values(**{"id": table.name, **row}))
