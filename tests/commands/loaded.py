"""A process that has loaded every command once and becomes, by a fork, the process of each that is run.

Loading is most of what a command costs; what it does then, it does in a process, a folder and an environment
of its own as ever. Commands that are left running start from nothing, and so does each command once: where
it first stands in the documents.
"""

import json
import os
import select
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

from tests.commands import caller

BIHUAN = Path(sys.executable).with_name("bihuan")
READ_WHILE_LOADING = "BIHUAN_FEEL_"
SECONDS = 300


@dataclass(frozen=True)
class Call:
    """What is run: arguments, folder and environment."""

    arguments: Sequence[str]
    folder: str
    environment: dict[str, str]


@cache
def _loaded() -> tuple[str, "subprocess.Popen[bytes]"]:
    """The address of the loaded process, and that process; it ends when nobody holds its standard input."""
    folder = tempfile.mkdtemp(prefix="bihuan-loaded-")
    address = f"{folder}/door"
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(address)
        door.listen()
        started = subprocess.Popen(
            [sys.executable, "-m", __name__, str(door.fileno()), folder],
            pass_fds=[door.fileno()],
            stdin=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
            env={name: value for name, value in os.environ.items() if not name.startswith("BIHUAN_")},
        )
    return address, started


def run(call: Call, *, given: str, out: Path, err: Path) -> int:
    """Run a command to its end; its status. Raises TimeoutError."""
    with tempfile.TemporaryFile() as stdin, out.open("wb") as stdout, err.open("wb") as stderr:
        stdin.write(given.encode())
        stdin.seek(0)
        if any(name.startswith(READ_WHILE_LOADING) for name in call.environment):
            done = subprocess.run(
                [BIHUAN, *call.arguments],
                cwd=call.folder, env=call.environment, timeout=SECONDS,
                stdin=stdin, stdout=stdout, stderr=stderr,
            )  # fmt: skip
            return done.returncode
        streams = [stdin.fileno(), stdout.fileno(), stderr.fileno()]
        return caller.ask(_loaded()[0], asdict(call), streams, seconds=SECONDS)


def lay_command(folder: Path) -> None:
    """Put a program `bihuan` into a folder, for shells: one command of the loaded process at a time."""
    folder.mkdir()
    program = folder / "bihuan"
    words = [sys.executable, "-IS", caller.__file__, _loaded()[0]]
    program.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n', "utf-8")
    program.chmod(0o755)


def _serve(door: socket.socket) -> None:
    """Answer calls until nobody is left who could call."""
    from api.commands.line import COMMANDS

    for place in COMMANDS.values():
        import_module(place.partition(":")[0])
    while True:
        ready, _, _ = select.select([door, sys.stdin], [], [])
        if sys.stdin in ready:
            return
        with door.accept()[0] as calling:
            _answer(calling)


def _answer(calling: socket.socket) -> None:
    _, streams, _, _ = socket.recv_fds(calling, 1, 3)
    said = b"".join(iter(lambda: calling.recv(1 << 16), b""))
    child = os.fork()
    if child == 0:
        become(Call(**json.loads(said)), streams)
    for stream in streams:
        os.close(stream)
    _, state = os.waitpid(child, 0)
    with suppress(OSError):  # who asked has given up
        calling.sendall(str(os.waitstatus_to_exitcode(state)).encode())


def become(call: Call, streams: Sequence[int]) -> None:
    """Be the command `bihuan` with these arguments and streams, and end as it ends."""
    from api.commands import main

    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.closerange(3, max(3, *streams) + 1)
    os.chdir(call.folder)
    os.environ.clear()
    os.environ.update(call.environment)
    sys.argv = ["bihuan", *call.arguments]
    sys.modules["__main__"].__package__ = ""  # a usage sentence calls the command by its own name
    status = 1
    try:
        main()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    try:
        _serve(socket.socket(fileno=int(sys.argv[1])))
    finally:
        shutil.rmtree(sys.argv[2], ignore_errors=True)
