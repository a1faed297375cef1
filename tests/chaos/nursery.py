"""Where the processes of a storm come from: one that has loaded everything and forks them, left running.

A fork of it is a real `bihuan serve` or `bihuan worker` in a process of its own, there within a second
instead of several. It can be killed at any moment, and another one started in its place.
"""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from tests.commands.loaded import Call, become

LOADED = ("api.commands.serving", "api.commands.working", "engine.jobs.postgresql", "psycopg.pq")
SECONDS = 120


class Nursery:
    """The loaded process, as the test sees it."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BIHUAN_")}
        self._environment = {**kept, **settings}
        self._folder = folder
        self._started = 0
        self._door, theirs = socket.socketpair()
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            cwd=Path(__file__).parents[2],
            env=kept,
        )
        theirs.close()
        self._door.settimeout(SECONDS)
        self._answers = self._door.makefile("rb")

    def start(self, *arguments: str) -> int:
        """Start `bihuan` with these arguments; its process id. What it writes goes to files in the folder."""
        self._started += 1
        streams = [f"{self._folder}/{self._started}.{name}" for name in ("out", "err")]
        return self._ask("start", [asdict(Call(arguments, str(self._folder), self._environment)), streams])

    def kill(self, pid: int) -> None:
        """End it at once, wherever it stands (SIGKILL); returns when it is gone."""
        assert self._ask("kill", pid) == -signal.SIGKILL, f"{pid} had ended by itself: {self.complaints()}"

    def alive(self, pid: int) -> bool:
        """Whether it still runs."""
        return bool(self._ask("alive", pid))

    def complaints(self) -> str:
        """What the processes wrote to their standard errors."""
        return "\n".join(file.read_text("utf-8", "replace")[-2000:] for file in self._folder.glob("*.err"))

    def close(self) -> None:
        """End everything that was started."""
        self._answers.close()
        self._door.close()
        self._process.wait()

    def _ask(self, what: str, given: object) -> int:
        self._door.sendall(json.dumps([what, given]).encode() + b"\n")
        answer = self._answers.readline()
        assert answer, "the nursery has ended"
        return int(answer)


def _serve(door: socket.socket) -> None:
    for name in LOADED:
        import_module(name)
    children: dict[int, int | None] = {}
    for line in door.makefile("rb"):
        what, given = json.loads(line)
        if what == "start":
            child = os.fork()
            if child == 0:
                door.close()
                call, streams = given
                files = [os.open(file, os.O_WRONLY | os.O_CREAT, 0o600) for file in streams]
                become(Call(**call), [os.open(os.devnull, os.O_RDONLY), *files])
            children[child] = None
            answer = child
        elif what == "kill":
            os.kill(given, signal.SIGKILL)
            answer = _gone(children, given)
        else:
            answer = int(_looked_at(children, given) is None)
        door.sendall(f"{answer}\n".encode())
    for child in children:
        if _looked_at(children, child) is None:
            os.kill(child, signal.SIGKILL)
            _gone(children, child)


def _gone(children: dict[int, int | None], pid: int) -> int:
    if children[pid] is None:
        children[pid] = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return children[pid] or 0


def _looked_at(children: dict[int, int | None], pid: int) -> int | None:
    """How it ended, or None while it runs."""
    if children[pid] is None:
        with suppress(ChildProcessError):
            found, state = os.waitpid(pid, os.WNOHANG)
            if found:
                children[pid] = os.waitstatus_to_exitcode(state)
    return children[pid]


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
