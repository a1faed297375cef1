"""Hostile input in a limited process: each is answered with a sentence, and the process lives on."""

from __future__ import annotations

import json
import subprocess
import sys
from types import TracebackType

from tests.engine.feel.hostile_corpus import corpus
from tests.engine.feel.hostile_dear import DEAR, OPEN
from tests.engine.feel.hostile_loops import TAME

CORPUS = [*corpus(), *(("expression", text) for text in DEAR)]


class Child:
    """The limited process; started again when an input has killed it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Child:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _stop(self) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        if process.stdin is not None:
            process.stdin.close()
        status = process.wait()
        if process.stdout is not None:
            process.stdout.close()
        return status

    def ask(self, kind: str, text: str) -> str:
        """The sentence; raises AssertionError when there is none because the process died."""
        if self._process is None:
            command = [sys.executable, "-m", "tests.engine.feel.hostile_child"]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps({"kind": kind, "text": text}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the process ended with status {self._stop()}"
        return str(json.loads(line)["sentence"])


def test_there_are_two_hundred() -> None:
    assert len({text for _, text in CORPUS}) >= 200


def test_each_is_answered_with_a_sentence() -> None:
    wrong: list[str] = []
    with Child() as child:
        for kind, text in CORPUS:
            try:
                sentence = child.ask(kind, text)
            except AssertionError as error:
                sentence, text = "", f"{error}: {text}"
            if not 2 < len(sentence) < 2000:
                wrong.append(f"{kind} {text[:120]!r}: {sentence!r}")
    assert wrong == []


def test_what_is_large_but_honest_is_answered_in_full() -> None:
    """The child's limits leave room for real work: an empty sentence means a value."""
    with Child() as child:
        honest = [*TAME, OPEN]
        assert {text: child.ask("expression", text) for text in honest} == dict.fromkeys(honest, "")
