"""One town for each module, one session for each person; every test opens tabs of its own."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.together.drawings import FILES
from tests.browser.together.town import Town, open_town
from tests.databases import Templates, require


@pytest.fixture(scope="module")
def module_town(
    request: pytest.FixtureRequest,
    templates: Templates,
    tmp_path_factory: pytest.TempPathFactory,
    chromium: Browser,
) -> Iterator[Town]:
    """The town on the home that the module names (`HOME`)."""
    home = str(request.module.HOME)
    require(home)
    folder = tmp_path_factory.mktemp("town")
    with open_town(home, templates, folder, chromium, FILES) as town:
        yield town


@pytest.fixture
def town(module_town: Town) -> Iterator[Town]:
    """The module's town; tabs are closed after each test, and nothing may have gone wrong in them."""
    yield module_town
    module_town.close_tabs()
    troubles, module_town.troubles[:] = list(module_town.troubles), []
    assert troubles == []
