"""The table behind a record class, typed: lists and bulk writes are Core statements."""

from typing import cast

from sqlalchemy import Table
from sqlmodel import SQLModel


def table_of(record: type[SQLModel]) -> Table:
    """The SQLAlchemy table of a record class."""
    return cast(Table, record.__dict__["__table__"])
