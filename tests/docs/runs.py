"""Running the documents: the commands of one page, in order, in one shell and one temporary folder.

In a block marked `console`, lines that begin with `$ ` are commands and what follows is what they print. A
line of output must appear; `…` stands for anything. A comment at a command's end says its exit status when
that is not 0: `# 退出状态 1`. A block marked `<language> file=NAME` is a file that the commands may use.
"""

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.commands.loaded import lay_command
from tests.docs.pages import ROOT, Block, blocks

_STATUS = re.compile(r"#\s*退出状态 (\d+)\s*$")
_MARK = "--8<-- status"
CHEAP = {"BIHUAN_ARGON2_TIME": "1", "BIHUAN_ARGON2_MEMORY_KIB": "8", "BIHUAN_ARGON2_PARALLELISM": "1"}
MOST_SECONDS = 240


@dataclass
class Command:
    """One command of a page, what the page says it prints, and its exit status."""

    text: str
    line: int
    status: int = 0
    expected: list[str] = field(default_factory=list)
    from_nothing: bool = True
    """Whether `bihuan` is started as people start it, or is a fork of the loaded process."""


@dataclass(frozen=True)
class Ran:
    """What a command really printed, and its status."""

    command: Command
    status: int
    output: str


def commands_in(block: Block) -> list[Command]:
    """The commands of a console block."""
    found: list[Command] = []
    for number, line in enumerate(block.text.splitlines(), block.line + 1):
        if line.startswith("$ "):
            status = _STATUS.search(line)
            found.append(Command(line[2:].strip(), number, int(status[1]) if status else 0))
        elif found and line.startswith("> "):
            found[-1].text += "\n" + line[2:]
        elif found and line.strip() not in ("", "…"):
            found[-1].expected.append(line.strip())
    return found


def commands_of(page: Path) -> list[Command]:
    """Every command of a page, in order."""
    return [
        command for block in blocks(page) if block.language == "console" for command in commands_in(block)
    ]


def lay_out(page: Path, folder: Path) -> None:
    """The folder in which a page's commands run: the files that it shows, and the project's own."""
    for name in ("processes", "forms", "tests"):
        (folder / name).symlink_to(ROOT / name)
    for block in blocks(page):
        if block.file:
            (folder / block.file).write_text(block.text, "utf-8")


def run_page(commands: list[Command], folder: Path) -> list[Ran]:
    """Run `commands` in one shell; what each of them printed."""
    loaded = folder / ".loaded"
    lay_command(loaded)
    script = "\n".join(
        f"PATH={'' if command.from_nothing else f'{loaded}:'}$STARTED\n"
        f"{{ {command.text}\n}}\nprintf '\\n%s %s\\n' {shlex.quote(_MARK)} $?"
        for command in commands
    )
    done = subprocess.run(
        ["bash", "-c", "exec 2>&1\nSTARTED=$PATH\n" + script],
        cwd=folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        timeout=MOST_SECONDS,
    )
    parts = re.split(rf"\n{re.escape(_MARK)} (\d+)\n", done.stdout)
    outputs, statuses = parts[0::2], parts[1::2]
    return [
        Ran(command, int(status), output)
        for command, status, output in zip(commands, statuses, outputs, strict=False)
    ]


def complaints(ran: Ran) -> list[str]:
    """What is not as the page says."""
    said = [line.strip() for line in ran.output.splitlines()]
    found = []
    if ran.status != ran.command.status:
        found.append(f"status {ran.status} instead of {ran.command.status}")
    rest = said
    for wanted in ran.command.expected:
        at = next((place for place, line in enumerate(rest) if _alike(wanted, line)), None)
        if at is None:
            found.append(f"does not print “{wanted}”")
        else:
            rest = rest[at + 1 :]
    return [f"line {ran.command.line}: {ran.command.text}: {one}\n{ran.output}" for one in found]


def _alike(wanted: str, line: str) -> bool:
    pattern = ".*".join(re.escape(part) for part in wanted.split("…"))
    return re.fullmatch(pattern, line) is not None


def environment() -> dict[str, str]:
    """The machine's, without settings of Bihuan, and with this environment's programs first."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BIHUAN_")}
    kept["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', '')}"
    return {**kept, **CHEAP, "LANG": "C.UTF-8", "COLUMNS": "100", "NO_COLOR": "1"}
