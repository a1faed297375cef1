"""What stands for `bihuan` in a shell that calls it often: the loaded process becomes the command.

Run as a program it loads next to nothing: the socket of the loaded process, then the command's arguments.
"""

import json
import os
import socket
import sys
from typing import Any


def ask(door: str, said: dict[str, Any], streams: list[int], *, seconds: float | None = None) -> int:
    """Have a command run with these three streams; its status. Raises TimeoutError, EOFError."""
    with socket.socket(socket.AF_UNIX) as called:
        called.settimeout(seconds)
        called.connect(door)
        socket.send_fds(called, [b"."], streams)
        called.sendall(json.dumps(said).encode())
        called.shutdown(socket.SHUT_WR)
        answer = called.recv(16)
    if not answer:
        raise EOFError("the loaded process has ended")
    return int(answer)


if __name__ == "__main__":
    here = {"arguments": sys.argv[2:], "folder": os.getcwd(), "environment": dict(os.environ)}  # noqa: PTH109
    sys.exit(ask(sys.argv[1], here, [0, 1, 2]))
