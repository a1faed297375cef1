"""The room's named SQL."""

from pathlib import Path

from engine.store import Queries

QUERIES = Queries(Path(__file__).with_name("people.sql"))
