"""Where the temporary files of a test run lie: in memory, when this machine has enough of it.

Every commit on SQLite waits for the disk and every database on PostgreSQL is some hundred new files. On a
disk that is more than half of a run's time; in memory it is next to nothing.
"""

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ENOUGH = 2 * 1024**3
"""Bytes. A run of everything holds less than a quarter of it at any time."""


def lie_in_memory() -> None:
    """Let this process, and those it starts, put temporary files there; a TMPDIR that is set stays."""
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK | os.X_OK):
        return
    if shutil.disk_usage(MEMORY).free < ENOUGH:
        return
    os.environ["TMPDIR"] = str(MEMORY)
    tempfile.tempdir = None
