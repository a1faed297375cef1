"""The migrated schema is the one the code expects, on both homes."""

from engine.store import Database
from processes.schema import differences, is_current, migrate


def test_migrations_bring_a_database_to_what_the_code_expects(database: Database) -> None:
    with database.read() as connection:
        assert differences(connection) == []
        assert is_current(connection)


def test_migrating_again_changes_nothing(database: Database) -> None:
    migrate(database)
    with database.read() as connection:
        assert differences(connection) == []


def test_an_empty_database_is_not_current(home: str, tmp_path: object) -> None:
    database = Database(f"sqlite:///{tmp_path}/empty.db")
    with database.read() as connection:
        assert not is_current(connection)
    database.close()
