"""Tables whose rows the database itself keeps from being changed or deleted."""

from sqlalchemy import Connection

_SQLITE = (
    "create trigger {table}_stays before update on {table} "
    "begin select raise(abort, '{table} is never changed'); end",
    "create trigger {table}_remains before delete on {table} "
    "begin select raise(abort, '{table} is never deleted'); end",
)
_POSTGRESQL = (
    "create or replace function refuse_{table}() returns trigger language plpgsql as "
    "$$ begin raise exception '{table} is never changed or deleted'; end $$",
    "create trigger {table}_stays before update or delete on {table} "
    "for each row execute function refuse_{table}()",
)


def make_immutable(connection: Connection, table: str) -> None:
    """From now on rows of `table` can only be added."""
    statements = _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL
    for statement in statements:
        connection.exec_driver_sql(statement.format(table=table))


def make_mutable(connection: Connection, table: str) -> None:
    """Take `make_immutable` back; for downgrades only."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"drop trigger {table}_stays")
        connection.exec_driver_sql(f"drop trigger {table}_remains")
    else:
        connection.exec_driver_sql(f"drop trigger {table}_stays on {table}")
        connection.exec_driver_sql(f"drop function refuse_{table}")
