"""Running the real command: in a temporary folder, with nothing of the surrounding settings."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.commands import loaded

BIHUAN = loaded.BIHUAN
CHEAP = {"BIHUAN_ARGON2_TIME": "1", "BIHUAN_ARGON2_MEMORY_KIB": "8", "BIHUAN_ARGON2_PARALLELISM": "1"}


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, str]:
        """The error object on standard error: exactly its four keys."""
        error = json.loads(self.err)["error"]
        assert sorted(error) == ["code", "hint", "message", "where"]
        assert self.out == ""
        return dict(error)

    @property
    def sentence(self) -> str:
        """The one line on standard error, which is no traceback."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert "Traceback" not in self.err
        assert self.out == ""
        return lines[0]


@dataclass(frozen=True)
class Line:
    """A folder and an environment in which commands run."""

    folder: Path
    settings: dict[str, str]

    @property
    def environment(self) -> dict[str, str]:
        """The process's environment: of ours only what the test sets."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BIHUAN_")}
        return {**kept, **CHEAP, **self.settings}

    def run(self, *arguments: str, given: str | None = None, **settings: str) -> Said:
        """Run `bihuan` with `arguments`; `given` is its standard input, `settings` more BIHUAN_…"""
        more = {f"BIHUAN_{name.upper()}": value for name, value in settings.items()}
        with TemporaryDirectory() as place:
            out, err = Path(place, "out"), Path(place, "err")
            call = loaded.Call(arguments, str(self.folder), {**self.environment, **more})
            status = loaded.run(call, given=given or "", out=out, err=err)
            return Said(status, out.read_text("utf-8"), err.read_text("utf-8"))

    def spawn(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start `bihuan` and leave it running."""
        return subprocess.Popen(
            [BIHUAN, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def write(self, name: str, content: bytes | str) -> str:
        """A file in the folder; its name."""
        data = content.encode() if isinstance(content, str) else content
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_bytes(data)
        return name
