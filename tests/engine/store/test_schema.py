"""The migrated schema is the one the code expects, on both homes."""

from sqlalchemy import inspect

from engine.store import Database
from processes.schema import differences, is_current, migrate


def test_migrations_bring_a_database_to_what_the_code_expects(database: Database) -> None:
    with database.read() as connection:
        assert differences(connection) == []
        assert is_current(connection)


def test_a_column_that_may_be_null_is_null_when_nobody_says(database: Database) -> None:
    """`insert_rows` leaves nulls out on SQLite, whose driver is slow with them: a default would slip in."""
    with database.read() as connection:
        asked = inspect(connection)
        columns = [(table, one) for table in asked.get_table_names() for one in asked.get_columns(table)]
    named = [f"{table}.{one['name']}" for table, one in columns if one["nullable"] and one["default"]]
    assert len(columns) > 500
    assert [name for name in named if not name.startswith("procrastinate_")] == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    migrate(database)
    with database.read() as connection:
        assert differences(connection) == []


def test_an_empty_database_is_not_current(home: str, tmp_path: object) -> None:
    database = Database(f"sqlite:///{tmp_path}/empty.db")
    with database.read() as connection:
        assert not is_current(connection)
    database.close()
