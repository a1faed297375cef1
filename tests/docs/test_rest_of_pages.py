"""Whatever a page can do, a program can do: the table of the two is complete and names calls that exist."""

from fastapi.routing import APIRoute

from api.routes import ROUTERS
from tests.docs.pages import DOCS, table

REST = "/api/v1/"
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
WITHOUT = {"POST /login", "POST /logout", "POST /language"}
"""What makes sense in a browser only; a program has a token instead of a session."""


def routes() -> set[str]:
    return {
        f"{method} {route.path}"
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods
    }


def actions_of_pages() -> set[str]:
    found = {route for route in routes() if route.split()[0] in CHANGING}
    return {route for route in found if not route.split()[1].startswith(REST)}


def told() -> dict[str, str]:
    """Page → REST call, as docs/api.md says."""
    return {row[0]: row[1] for row in table(DOCS / "api.md", after="页面上的和接口里的")}


def test_every_action_of_a_page_names_its_rest_call() -> None:
    assert sorted(told()) == sorted(actions_of_pages())


def test_the_rest_calls_that_are_named_exist() -> None:
    named = {page: call for page, call in told().items() if page not in WITHOUT}
    missing = {page: call for page, call in named.items() if call not in routes() or REST not in call}
    assert missing == {}


def test_only_what_belongs_to_a_browser_has_no_rest_call() -> None:
    assert {page for page, call in told().items() if call == "没有"} == WITHOUT
