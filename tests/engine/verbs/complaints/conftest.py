"""The world of the runtime's tests."""

from tests.engine.runtime.conftest import database_url as database_url
from tests.engine.runtime.conftest import world as world
