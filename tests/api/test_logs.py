"""What the log looks like where it is written."""

import json
from collections.abc import Iterator

import pytest
import structlog
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from api.logs import RequestLog, configure_logs


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_log_is_coloured_on_a_terminal_only(
    is_terminal: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log kept in a file was full of colour codes."""
    monkeypatch.setattr("sys.stdout.isatty", lambda: is_terminal)
    configure_logs(format="console", level="info")
    structlog.get_logger("one that nobody cached").info("request", status=200)
    written = capsys.readouterr().out
    assert "request" in written
    assert ("\x1b[" in written) is is_terminal


def test_what_is_configured_last_holds_for_a_logger_that_wrote_before(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The first application of a process decided for all later ones how much is logged."""
    logger = structlog.get_logger("kept")
    configure_logs(format="json", level="error")
    logger.info("silent")
    configure_logs(format="json", level="debug")
    logger.info("heard")
    written = capsys.readouterr().out
    assert "heard" in written
    assert "silent" not in written


def test_what_a_balancer_asks_every_second_is_told_only_when_something_is_wrong(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answers = {"/livez": 200, "/readyz": 503, "/login": 200}
    configure_logs(format="json", level="info")

    async def answer(request: Request) -> Response:
        return Response(status_code=answers[request.url.path])

    app = Starlette(routes=[Route(path, answer) for path in answers], middleware=[Middleware(RequestLog)])
    client = TestClient(app)
    for path in answers:
        client.get(path)
    told = [json.loads(line)["path"] for line in capsys.readouterr().out.splitlines()]
    assert told == ["/readyz", "/login"]
