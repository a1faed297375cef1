"""Linting uploads in a process of its own, with limits on time and memory: whatever they do, it ends.

The parent writes one JSON object to the child's standard input and reads one from its standard output.
Run as a module this file is the child.
"""

import base64
import contextlib
import json
import resource
import subprocess
import sys
from collections.abc import Mapping
from threading import BoundedSemaphore

from engine.bpmn.dialect import Level
from engine.bpmn.findings import Finding, from_json, to_json
from engine.bpmn.lint import Catalogue, lint

_MODULE = "engine.bpmn.isolated"
_MEGABYTE = 1024 * 1024
MOST_AT_ONCE = 3
_AT_ONCE = BoundedSemaphore(MOST_AT_ONCE)
"""Children of one server at a time: uploads may wait for each other, the rest of the work does not."""


def check_isolated(
    files: Mapping[str, bytes],
    catalogue: Catalogue,
    level: Level = "dialect",
    seconds: float = 10,
    megabytes: int = 512,
    *,
    models: Mapping[str, bytes] | None = None,
) -> list[Finding]:
    """Like `lint`, in a child that is killed after `seconds` or when it wants more than `megabytes`.

    A child that is killed, or fails in any other way, is one finding; nothing is raised for what files do.
    """
    job = {
        "files": _packed(files),
        "models": _packed(models or {}),
        "catalogue": catalogue.to_json(),
        "level": level,
    }
    command = [sys.executable, "-m", _MODULE, str(megabytes), str(int(seconds) + 1)]
    if not _AT_ONCE.acquire(timeout=seconds):
        return [_failed(files, "check-busy", "同时检查的人太多，这次没有检查。")]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module, no shell
            command, input=json.dumps(job).encode(), capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return [_failed(files, "check-timeout", f"检查超过 {seconds:g} 秒，已经停止。")]
    finally:
        _AT_ONCE.release()
    if done.returncode != 0:
        return [_failed(files, "check-failed", f"检查没有完成（超过 {megabytes} MB 内存，或文件无法处理）。")]
    return [from_json(item) for item in json.loads(done.stdout)["findings"]]


def _packed(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: base64.b64encode(data).decode("ascii") for name, data in files.items()}


def _unpacked(files: Mapping[str, str]) -> dict[str, bytes]:
    return {name: base64.b64decode(data) for name, data in files.items()}


def _failed(files: Mapping[str, bytes], rule: str, message: str) -> Finding:
    file = next(iter(sorted(files)), "")
    return Finding(file, 0, "", rule, "error", message, "请把文件拆小，或检查内容后再上传。")


def _limit(megabytes: int, seconds: int) -> None:
    """Address space and processor time of this process; no core file."""
    for kind, amount in (
        (resource.RLIMIT_AS, megabytes * _MEGABYTE),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        allowed = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (allowed, hard))


def main() -> None:
    """The child: limits first, then read, lint, answer."""
    _limit(int(sys.argv[1]), int(sys.argv[2]))
    job = json.load(sys.stdin)
    catalogue, models = Catalogue.from_json(job["catalogue"]), _unpacked(job["models"])
    findings = lint(_unpacked(job["files"]), catalogue=catalogue, level=job["level"], models=models)
    json.dump(to_json(findings), sys.stdout)


if __name__ == "__main__":
    main()
