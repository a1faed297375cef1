"""Bringing a database to the newest schema, with Alembic.

Each floor keeps its own revisions: `versions/` here the engine's, `processes/migrations/` the assessment's.
"""

from collections.abc import Sequence
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData

HERE = Path(__file__).parent
ENGINE_REVISIONS = HERE / "versions"


def configuration(connection: Connection, metadata: MetaData, places: Sequence[Path]) -> Config:
    """Alembic's settings for one connection; `places` are folders of revisions."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(str(place) for place in places))
    config.attributes["connection"] = connection
    config.attributes["metadata"] = metadata
    return config


def upgrade(connection: Connection, metadata: MetaData, places: Sequence[Path]) -> None:
    """Run every revision that the database has not seen yet, in the caller's transaction."""
    command.upgrade(configuration(connection, metadata, places), "heads")


def revisions(
    connection: Connection, metadata: MetaData, places: Sequence[Path]
) -> tuple[frozenset[str], frozenset[str]]:
    """Every revision that there is, and those that a database at its newest has."""
    scripts = ScriptDirectory.from_config(configuration(connection, metadata, places))
    known = frozenset(script.revision for script in scripts.walk_revisions())
    return known, frozenset(scripts.get_heads(consider_depends_on=True))
