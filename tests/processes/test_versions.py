"""A version of a target stays as it was: the database itself says no."""

import pytest
from sqlalchemy.exc import DBAPIError

from engine.store import Database
from processes.demo import build_demo


@pytest.mark.parametrize("change", ["update target_version set text = 'x'", "delete from target_version"])
def test_the_database_refuses_to_touch_a_version(database: Database, change: str) -> None:
    with database.write() as connection:
        build_demo(connection, password_hash="")
    with pytest.raises(DBAPIError, match="never"), database.write() as connection:
        connection.exec_driver_sql(change)
