"""How a table and its indexes lie on the disk: a commit writes every page that it changed, whole.

On SQLite an act's rows go to a dozen tables; each index that it enters is one page more.
"""

from collections.abc import Mapping

from sqlalchemy import Index, text

BY_KEY: Mapping[str, object] = {"sqlite_with_rowid": False}
"""A table whose rows SQLite keeps in its primary key itself, without an index beside it: for rows of two or
three hundred bytes. Wider ones lie a handful to a page, also in the pages above, so that each insertion and
deletion moves whole rows about. PostgreSQL has no such thing."""


def index_where_set(name: str, *columns: str) -> Index:
    """An index of those rows alone whose first column is not null."""
    has_it = text(f"{columns[0]} IS NOT NULL")
    return Index(name, *columns, sqlite_where=has_it, postgresql_where=has_it)
