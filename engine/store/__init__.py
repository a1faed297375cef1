"""The database: set-up, transactions, column types, named SQL, migrations.

Nothing here knows what is stored.
"""

from engine.store.database import Database, Dialect, dialect_of
from engine.store.reading import Row
from engine.store.sql import Queries, insert_rows
from engine.store.texts import UnstorableText

__all__ = ["Database", "Dialect", "Queries", "Row", "UnstorableText", "dialect_of", "insert_rows"]
