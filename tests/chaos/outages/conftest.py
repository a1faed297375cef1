"""The application over the small city of tests/api."""

from tests.api.conftest import browse, database_url, settings, world

__all__ = ["browse", "database_url", "settings", "world"]
