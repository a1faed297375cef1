"""The database itself refuses to change what was decided and issued."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.exc import DBAPIError

from engine.store import Database
from processes.cycle.documents import put_document
from processes.cycle.opening import define_posts_of, open_cycle
from processes.cycle.profile import load_profile
from processes.cycle.reading import cycle_of
from processes.demo import add_units


@pytest.mark.parametrize("statement", ["delete from document", "update document set title = 'x'"])
def test_an_issued_document_stays_as_it_was(database: Database, statement: str) -> None:
    at = datetime(2018, 3, 1, tzinfo=UTC)
    with database.write() as connection:
        profile = load_profile("hangzhou_13fyp")
        define_posts_of(connection, profile)
        city, _units = add_units(connection)
        cycle = open_cycle(connection, profile, assessor_id=city.id, year=2018, at=at)
        put_document(
            connection,
            cycle_of(connection, cycle),
            kind="targets",
            number="杭考评〔2018〕1 号",
            title="2018 年度目标",
            issued_on=date(2018, 4, 20),
        )
    with pytest.raises(DBAPIError, match="document is never"), database.write() as connection:
        connection.exec_driver_sql(statement)
