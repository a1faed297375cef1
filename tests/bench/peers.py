"""Other engines on the same job: a folder of scripts, each printing JSON lines, and a README that says what
each of them needs (a table `| script | peer | needs |` with `pip install …` or `npm i …`).

What they need goes into a folder beside the figures and stays there, so that the next run needs no network.
"""

import importlib.metadata
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

VARIANTS: dict[str, tuple[str, ...]] = {
    "bench_spiff.py": (
        "--db sqlite --store blob",
        "--db postgres --store split",
        "--db sqlite --store split",
        "--db postgres --store blob",
    ),
    "bench_viewflow.py": (
        "--layer service --db sqlite",
        "--layer http --db sqlite",
        "--layer service --db postgres",
    ),
    "bench_camunda_python.py": ("--db sqlite",),
}
"""How the scripts that we know are run; others as they stand."""

SHARED = ("bench_common.py", "bench_table.py")
SAME = ("SpiffWorkflow", "lxml")
"""What a peer uses in the version that we use ourselves."""
LONGEST_SECONDS = 1800
"""The slowest starts fifteen a second on a busy machine, and the inbox wants ten thousand."""
INSTALLING_SECONDS = 3600
"""Some have to be compiled first, on a machine that may be busy."""
ANOTHER_PYTHON = "Requires-Python"
_BESIDE = re.compile(r"(HINT|DETAIL|CONTEXT|LINE \d+):|\s")
"""What PostgreSQL and Python say around the sentence that tells what went wrong."""
_NEEDS = re.compile(r"`(pip install|npm i(?:nstall)?) ([^`]+)`")


@dataclass(frozen=True)
class Peer:
    """One script, and what its folder's README says that it needs."""

    script: Path
    pip: tuple[str, ...] = ()
    npm: tuple[str, ...] = ()


class NotRun(Exception):
    """A peer that cannot be measured here; the sentence says why."""


def peers_in(folder: Path) -> list[Peer]:
    """The scripts of a folder, by name. Raises NotRun when there is none."""
    found = [file for file in sorted(folder.glob("bench_*.*")) if file.suffix in (".py", ".mjs")]
    scripts = [file for file in found if file.name not in SHARED]
    if not scripts:
        raise NotRun(f"there is no bench_*.py or bench_*.mjs in {folder}")
    readme = folder / "README.md"
    rows = readme.read_text("utf-8").splitlines() if readme.exists() else []
    return [_peer(script, rows) for script in scripts]


def _peer(script: Path, rows: Sequence[str]) -> Peer:
    row = next((row for row in rows if row.startswith("|") and script.name in row.split("|")[1]), "")
    needs = {"pip": [], "npm": []}  # type: dict[str, list[str]]
    for command, names in _NEEDS.findall(row):
        needs[command.split()[0]].extend(names.split())
    return Peer(script, tuple(needs["pip"]), tuple(needs["npm"]))


def variants_of(peer: Peer, *, count: int, open_items: int) -> list[list[str]]:
    """The arguments of each run of a peer."""
    if peer.script.suffix == ".mjs":
        return [[str(count), str(open_items)]]
    sizes = ["-n", str(count), "--open", str(open_items)]
    return [[*words.split(), *sizes] for words in VARIANTS.get(peer.script.name, ("",))]


def made_ready(peer: Peer, *, home: Path, place: Path) -> list[str]:
    """The command that runs a peer's script in `place` (a copy of its folder). Raises NotRun."""
    if peer.npm:
        _install_npm(peer, home, place)
    if peer.script.suffix == ".mjs":
        if shutil.which("node") is None:
            raise NotRun("node is not installed")
        return ["node", peer.script.name]
    return [str(_install_pip(peer, home)), peer.script.name]


def _install_pip(peer: Peer, home: Path) -> Path:
    if not peer.pip:
        return Path(sys.executable)
    place = home / peer.script.stem
    python = place / "bin" / "python"
    if (place / "installed").exists():
        return python
    same = [f"{name}=={importlib.metadata.version(name)}" for name in SAME]
    *others, last = pythons()
    for base in (*others, last):
        _done([base, "-m", "venv", "--clear", str(place)])
        (place / "same.txt").write_text("\n".join(same), "utf-8")
        try:
            _done([str(python), "-m", "pip", "install", "-q", "-c", str(place / "same.txt"), *peer.pip])
            break
        except NotRun as reason:
            if base == last or ANOTHER_PYTHON not in str(reason):
                raise
    (place / "installed").touch()
    return python


def pythons() -> list[str]:
    """Ours, then newer ones that this machine has: some peers want one."""
    found = [sys.executable]
    for minor in range(sys.version_info.minor + 1, sys.version_info.minor + 4):
        name = f"3.{minor}"
        kept = sorted(Path.home().glob(f".pyenv/versions/{name}.*/bin/python"))
        named = shutil.which(f"python{name}")
        found += [named] if named and not kept else [str(one) for one in kept[-1:]]
    return found


def _install_npm(peer: Peer, home: Path, place: Path) -> None:
    if shutil.which("npm") is None:
        raise NotRun("npm is not installed")
    kept = home / peer.script.stem
    if not (kept / "installed").exists():
        kept.mkdir(parents=True, exist_ok=True)
        _done(["npm", "install", "--no-audit", "--no-fund", "--prefix", str(kept), *peer.npm])
        (kept / "installed").touch()
    (place / "node").symlink_to(kept.resolve())


def _done(command: Sequence[str]) -> None:
    try:
        ended = subprocess.run(
            command, capture_output=True, text=True, timeout=INSTALLING_SECONDS, check=False, cwd="/"
        )
    except (OSError, subprocess.TimeoutExpired) as failure:
        raise NotRun(f"what it needs could not be installed: {failure}") from failure
    if ended.returncode:
        said = [line for line in ended.stderr.splitlines() if line.strip()]
        telling = [line for line in said if ANOTHER_PYTHON in line] or said or ["no reason given"]
        raise NotRun(f"what it needs could not be installed: {telling[-1].strip()}")


def rows_of(command: Sequence[str], place: Path) -> Iterator[dict[str, object]]:
    """Run a script in `place`: the rows that it prints. Raises NotRun with the last thing it said."""
    try:
        ended = subprocess.run(
            command, capture_output=True, text=True, timeout=LONGEST_SECONDS, cwd=place, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as failure:
        raise NotRun(str(failure)) from failure
    rows = [json.loads(line) for line in ended.stdout.splitlines() if line.startswith("{")]
    if not rows:
        said = [line for line in ended.stderr.splitlines() if line.strip() and not _BESIDE.match(line)]
        raise NotRun((said or [f"it ended with status {ended.returncode} and no row"])[-1].strip())
    yield from rows
