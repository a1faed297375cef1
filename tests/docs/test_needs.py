"""What a machine must have: the same everywhere it is said, and refused in a sentence where it is missing."""

import json
import subprocess
from pathlib import Path

from tests.docs.pages import DOCS

ROOT = DOCS.parent
NODE = "20.12"
"""What several of the packages ask for."""


def test_readme_manual_and_packages_ask_for_the_same_node() -> None:
    for page in (ROOT / "README.md", DOCS / "administrator.md"):
        assert f"Node.js {NODE} 或更新" in page.read_text("utf-8"), page.name
    assert json.loads((ROOT / "package.json").read_text("utf-8"))["engines"] == {"node": f">={NODE}.0"}
    locked = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    assert locked["packages"][""]["engines"] == {"node": f">={NODE}.0"}


def test_an_older_node_is_refused_in_a_sentence_before_anything_is_installed(tmp_path: Path) -> None:
    for version in ("v18.20.4", "v20.9.0"):
        refused = modules(tmp_path, version=version)
        assert refused.returncode == 1
        assert f"Node.js 20.12 or newer; this machine has {version}." in refused.stderr
    assert not (tmp_path / "installed").exists()


def test_the_node_that_is_asked_for_is_accepted(tmp_path: Path) -> None:
    assert modules(tmp_path, version="v20.12.0").returncode == 0
    assert (tmp_path / "installed").exists()


def modules(folder: Path, *, version: str) -> subprocess.CompletedProcess[str]:
    """Run the installation of the packages on a machine with this Node.js; npm only leaves a mark."""
    for name, does in (("node", f"echo {version}"), ("npm", f"touch '{folder}/installed'")):
        program = folder / name
        program.write_text(f"#!/bin/sh\n{does}\n", "utf-8")
        program.chmod(0o755)
    path = f"{folder}:/usr/bin:/bin"
    return subprocess.run(
        ["bash", str(ROOT / ".ci/modules")], env={"PATH": path}, capture_output=True, text=True, check=False
    )
