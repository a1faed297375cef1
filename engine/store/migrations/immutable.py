"""Tables whose rows the database itself keeps from being changed (but for one answer) or deleted."""

from collections.abc import Collection

from sqlalchemy import Connection, inspect

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
    """Take `make_immutable` or `make_answered_once` back; for downgrades only."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"drop trigger {table}_stays")
        connection.exec_driver_sql(f"drop trigger {table}_remains")
    else:
        connection.exec_driver_sql(f"drop trigger {table}_stays on {table}")
        connection.exec_driver_sql(f"drop function refuse_{table}")


def make_answered_once(connection: Connection, table: str, *, answer: Collection[str], at: str) -> None:
    """From now on rows of `table` can only be added and answered, once.

    A change may touch the columns `answer` only, and only while `at` (one of them, the answer's instant)
    is still null and gets a value by it. Rows are never deleted.
    """
    names = {column["name"] for column in inspect(connection).get_columns(table)}
    kept = sorted(names - set(answer))
    if connection.dialect.name == "sqlite":
        touched = " or ".join(f"old.{name} is not new.{name}" for name in kept)
        late = f"old.{at} is not null or new.{at} is null or {touched}"
        connection.exec_driver_sql(
            f"create trigger {table}_stays before update on {table} when {late} "
            f"begin select raise(abort, '{table} is never changed'); end"
        )
        connection.exec_driver_sql(_SQLITE[1].format(table=table))
        return
    touched = " or ".join(f"old.{name} is distinct from new.{name}" for name in kept)
    late = f"old.{at} is not null or new.{at} is null or {touched}"
    connection.exec_driver_sql(
        f"create or replace function refuse_{table}() returns trigger language plpgsql as "
        f"$$ begin if tg_op = 'UPDATE' then if not ({late}) then return new; end if; end if; "
        f"raise exception '{table} is never changed or deleted'; end $$"
    )
    connection.exec_driver_sql(_POSTGRESQL[1].format(table=table))
