"""A command loads what it works with: nobody waits for a server or a database that the command never asks."""

import json
import subprocess
import sys
from pathlib import Path

NEEDLESS = {
    "feel": ("sqlalchemy", "psycopg", "fastapi"),
    "decide": ("sqlalchemy", "psycopg", "fastapi"),
    "lint": ("fastapi", "uvicorn"),
    "deploy": ("fastapi", "uvicorn"),
    "migrate": ("fastapi", "uvicorn"),
    "instances": ("fastapi", "uvicorn"),
    "verify": ("fastapi", "uvicorn"),
}
LOADING = """
import json, sys
from api.commands.line import line_for
for command, needless in json.loads(sys.argv[1]).items():
    line_for(command)
    for name in needless:
        if name in sys.modules:
            print(command, name)
"""


def test_a_command_loads_no_library_that_it_never_asks() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADING, json.dumps(NEEDLESS)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == []
