"""A process that has loaded every command once and becomes, by a fork, the process of each that is run.

Loading is most of what a command costs; what it does then, it does in a process, a folder and an environment
of its own as ever. Commands that are left running, and those in the documents, start from nothing.
"""

import json
import os
import socket
import subprocess
import sys
import traceback
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

BIHUAN = Path(sys.executable).with_name("bihuan")
READ_WHILE_LOADING = "BIHUAN_FEEL_"
SECONDS = 300


@dataclass(frozen=True)
class Call:
    """What is run: arguments, folder, environment, and the files for its three streams."""

    arguments: Sequence[str]
    folder: str
    environment: dict[str, str]
    streams: tuple[str, str, str]


@cache
def _loaded() -> socket.socket:
    ours, theirs = socket.socketpair()
    subprocess.Popen(
        [sys.executable, "-m", __name__, str(theirs.fileno())],
        pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL,
        cwd=Path(__file__).parents[2],
        env={name: value for name, value in os.environ.items() if not name.startswith("BIHUAN_")},
    )
    theirs.close()
    ours.settimeout(SECONDS)
    return ours


def run(call: Call) -> int:
    """Run a command to its end; its status. Raises TimeoutError."""
    if any(name.startswith(READ_WHILE_LOADING) for name in call.environment):
        return _run_from_nothing(call)
    door = _loaded()
    door.sendall(json.dumps(asdict(call)).encode() + b"\n")
    answer = door.recv(16)
    assert answer, "the loaded process has ended"
    return int(answer)


def _run_from_nothing(call: Call) -> int:
    given, out, err = map(Path, call.streams)
    with given.open() as stdin, out.open("w") as stdout, err.open("w") as stderr:
        done = subprocess.run(
            [BIHUAN, *call.arguments],
            cwd=call.folder,
            env=call.environment,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            timeout=SECONDS,
        )
    return done.returncode


def _serve(door: socket.socket) -> None:
    """Answer calls until nobody is left who could call."""
    from api.commands.line import COMMANDS

    for place in COMMANDS.values():
        import_module(place.partition(":")[0])
    for line in door.makefile("rb"):
        child = os.fork()
        if child == 0:
            door.close()
            become(Call(**json.loads(line)))
        _, state = os.waitpid(child, 0)
        door.sendall(str(os.waitstatus_to_exitcode(state)).encode())


def become(call: Call) -> None:
    """Be the command `bihuan` with these arguments, and end as it ends."""
    from api.commands import main

    modes = (os.O_RDONLY, os.O_WRONLY | os.O_CREAT, os.O_WRONLY | os.O_CREAT)
    for number, (name, mode) in enumerate(zip(call.streams, modes, strict=True)):
        os.dup2(os.open(name, mode, 0o600), number)
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
    _serve(socket.socket(fileno=int(sys.argv[1])))
