"""Commands in the documents are run for real, and print what the documents say."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.commands.bare import bare_database
from tests.databases import require
from tests.docs.pages import PAGES, ROOT, name_of
from tests.docs.runs import Command, commands_of, complaints, environment, lay_out, run_page

WHOLE_CITIES = (
    "bihuan simulate --profile zhangjiajie_2009 --units 49 --year 2009 --seed 7 --json",
    "bihuan simulate --profile hangzhou_13fyp --units 58 --year 2018 --seed 7 --json",
    "bihuan simulate --profile zhangjiajie_2009 --units 49 --year 2009 --seed 7"
    " --database sqlite:///var/zhangjiajie.db --report var/report",
)
NOT_RUN_HERE = {
    "make demo": ("sets up the machine and serves until it is stopped", ".ci/fresh"),
    "make demo RESET=1": ("the same, from the beginning", "tests/commands/test_demo.py"),
    "make test": ("would run this test", ".ci/fresh"),
    "make setup": ("installs packages", ".ci/fresh"),
    "make bench": ("measures for minutes", "tests/bench/run.py"),
    "make conformance SUITES=FOLDER": ("needs the standards' suites", "tests/conformance/dmn_tck.py"),
    "make assets": ("builds the browser code", ".ci/fresh"),
    "make lint": ("part of `make test`", ".ci/lint"),
    **dict.fromkeys(WHOLE_CITIES, ("works for minutes", "tests/simulation/test_whole_cities.py")),
    "bihuan serve": ("serves until it is stopped", "tests/commands/test_serve.py"),
    "BIHUAN_DATABASE_URL=sqlite:///var/zhangjiajie.db BIHUAN_CLOCK=2010-09-30T09:00:00+08:00 bihuan serve": (
        "serves a city that was simulated",
        "tests/commands/test_serve.py",
    ),
    "bihuan worker": ("works until it is stopped", "tests/commands/test_serve.py"),
}
"""Commands that this test does not run: why, and what does run them or what they run."""
ELSEWHERE = ("git ", "apt-get ", "sudo ", "source ", "createdb ", "pg_dump ", "pg_restore ", "createuser ")
"""Programs of the machine, not ours."""
SERVED = "http://127.0.0.1:8000"
"""The address that the documents use; the test puts its own server's in its place."""
POSTGRESQL = "postgresql+psycopg:///bihuan"
"""The same for the database that an administrator makes."""

_OURS = re.compile(r"\bbihuan ([a-z-]+)")

WITH_COMMANDS = [page for page in PAGES if page.exists() and commands_of(page)]


def to_run(page: Path) -> list[Command]:
    """The page's commands but those that are not run here."""
    return [
        command
        for command in commands_of(page)
        if command.text not in NOT_RUN_HERE and not command.text.startswith(ELSEWHERE)
    ]


@cache
def firsts() -> dict[str, tuple[Path, int]]:
    """Where each command of `bihuan` stands first: there it starts from nothing, as people start it."""
    found: dict[str, tuple[Path, int]] = {}
    for page in WITH_COMMANDS:
        for command in to_run(page):
            for name in _OURS.findall(command.text):
                found.setdefault(name, (page, command.line))
    return found


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demonstration city on a port of its own; its address."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed: apt-get install curl")
    folder = tmp_path_factory.mktemp("served")
    bihuan = Path(sys.executable).with_name("bihuan")
    server = subprocess.Popen(
        [bihuan, "demo", "--port", "0"],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert server.stdout is not None
        address = next(
            (found[0] for line in server.stdout if (found := re.search(r"http://\S+", line))), None
        )
        assert address, "bihuan demo ended before it served anything"
        yield address
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture
def postgresql(tmp_path: Path) -> Iterator[str]:
    """The URL of an empty PostgreSQL database."""
    require("postgresql")
    with bare_database("postgresql", tmp_path) as url:
        yield url


@pytest.mark.slow
@pytest.mark.parametrize("page", WITH_COMMANDS, ids=name_of)
def test_commands_do_what_the_page_says(page: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    commands = to_run(page)
    for written, fixture in ((SERVED, "served"), (POSTGRESQL, "postgresql")):
        if any(written in command.text for command in commands):
            real = request.getfixturevalue(fixture)
            for command in commands:
                command.text = command.text.replace(written, f"'{real}'" if "?" in real else real)
    for command in commands:
        command.from_nothing = (page, command.line) in firsts().values()
    lay_out(page, tmp_path)
    ran = run_page(commands, tmp_path)
    assert len(ran) == len(commands), "the shell ended early"
    wrong = [complaint for one in ran for complaint in complaints(one)]
    assert not wrong, "\n".join(wrong)


def test_what_is_not_run_here_has_a_reason_and_is_covered_elsewhere() -> None:
    written = {command.text for page in WITH_COMMANDS for command in commands_of(page)}
    for command, (reason, covered_by) in NOT_RUN_HERE.items():
        assert reason
        assert (ROOT / covered_by).exists(), f"{command}: {covered_by} does not exist"
        assert command in written, f"{command} stands in no document any more"


def test_every_make_target_in_the_documents_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {
        found
        for page in WITH_COMMANDS
        for command in commands_of(page)
        for found in re.findall(r"^make ([a-z]+)", command.text)
    }
    assert named - targets == set()
