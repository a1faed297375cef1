"""One instance in memory: start or load it, let it run, tell it what happened, store it.

Pure: no database, no clock of its own, no threads. After an exception it is unusable and is thrown away.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Self

import orjson

from engine.bpmn import holding, moves
from engine.bpmn.codec import decode, encode
from engine.bpmn.compile import Process, compile_process
from engine.bpmn.copying import copied
from engine.bpmn.failures import UnknownToken, blame
from engine.bpmn.heard import Heard, hears
from engine.bpmn.jumps import plan_jump
from engine.bpmn.library import TaskState
from engine.bpmn.looking import Looking, Preview
from engine.bpmn.scopes import DELETED, ROOT, Deleted, Scopes
from engine.bpmn.specs.call_activity import CallActivity
from engine.bpmn.specs.ending import escalate, throw
from engine.bpmn.specs.event_subprocess import attend
from engine.bpmn.specs.happening import happen
from engine.bpmn.specs.job import Job
from engine.bpmn.specs.user_task import UserTask
from engine.bpmn.tokens import Services, ShortWay, Signal, Token, Tokens, Told
from engine.bpmn.undoing import Undoing, undo
from engine.bpmn.waits import Wait

__all__ = [
    "DELETED",
    "Execution",
    "Preview",
    "Process",
    "Services",
    "Signal",
    "Told",
    "Wait",
    "compile_process",
]

Value = Any


class Execution(Looking):
    """The tokens and variables of one process instance.

    Every change goes: load, one or more of the verbs below, `run`, then `waits`, `changed_variables` and
    `dump` for the runtime to store.
    """

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._broken = False
        self._waits: dict[str, Wait] | None = None
        self._dumped: bytes | None = None
        self.heard: list[Heard] = []
        """What the outside has told it since start or load, in order."""

    @classmethod
    def start(
        cls,
        process: Process,
        *,
        variables: Mapping[str, Value],
        services: Services,
        start_element: str | None = None,
        hold: Collection[str] = (),
    ) -> Self:
        """A new instance at its start event (`start_element`, else the none start); call `run` next.

        Tokens in `hold` are held where they would move (see `engine.bpmn.holding`).
        """
        scopes = Scopes()
        for name, value in copied(variables).items():
            scopes.put(ROOT, name, value)
        execution = cls(Tokens(process, services=services, scopes=scopes, holding=hold))
        execution.heard.append(Heard("start", start_element or "", "", {"variables": dict(variables)}))
        with execution._changing() as tokens:
            attend(tokens, tokens.root)
            for entry in process.starts_of(start_element):
                if process.model.elements[entry].instantiate and start_element is not None:
                    tokens.resume(entry, tokens.root, {})  # its message has come: it started the instance
                else:
                    tokens.place(entry, tokens.root)
        return execution

    @classmethod
    def load(
        cls,
        process: Process,
        state: bytes,
        *,
        variables: Mapping[tuple[str, str], Value],
        services: Services,
        hold: Collection[str] = (),
    ) -> Self:
        """An instance as it was stored. Raises StateUnreadable when the state does not fit the process."""
        tokens = Tokens(process, services=services, scopes=Scopes(variables), holding=hold)
        decode(state, tokens)
        for key in tokens.holding & tokens.tasks.keys():
            holding.hold_stranded(tokens.tasks[key])
        return cls(tokens)

    def dump(self) -> bytes:
        """The state without variables; equal states give equal bytes."""
        self._check()
        if self._dumped is None:
            self._dumped = encode(self._tokens)
        return self._dumped

    def changed_variables(self) -> dict[tuple[str, str], Value | Deleted]:
        """(scope, name) -> value or DELETED, for all that differs from what was loaded. Root scope is ""."""
        return self._tokens.scopes.changed()

    @property
    def variable_changes(self) -> int:
        """Grows with each variable that is set or goes."""
        return self._tokens.scopes.changes

    def run(self) -> None:
        """Move until everything waits for the outside, or the instance has ended."""
        with self._changing() as tokens:
            tokens.advance()

    # -- what happened outside --------------------------------------------------------------------------

    @hears("complete")
    def complete(self, token: str, variables: Mapping[str, Value], *, toward: str | None = None) -> None:
        """A user task or job is done with these results.

        `toward` lets the token pass the gateways and decisions that follow, as drawn, and leaves out the
        steps between them and `toward`; where the drawing leads aside or back, it goes there. Where the
        drawing has no such short way (see `skips`), it goes on as without.
        """
        with self._changing() as tokens:
            found = self._working(token, UserTask, Job)
            found.result = copied(variables)
            short = toward if toward and moves.may_skip(found, toward) else None
            tokens.short_way = ShortWay(found.parent, found.element.id, short) if short else None
            holding.finish(found)

    @hears("error")
    def throw_error(
        self, token: str, code: str, message: str = "", variables: Mapping[str, Value] | None = None
    ) -> None:
        """A job or user task ends with a BPMN error. Raises UncaughtError when no boundary event takes it."""
        with self._changing():
            found = self._working(token, UserTask, Job, CallActivity)
            text = message or f"错误“{code}”没有边界事件接住"
            throw(found, code, message=text, variables=copied(variables or {}))

    @hears("escalate")
    def escalate(self, token: str, code: str, variables: Mapping[str, Value] | None = None) -> None:
        """A process that the call activity at `token` has called escalates; nobody has to take it."""
        with self._changing():
            escalate(self._working(token, CallActivity), code, variables=copied(variables or {}))

    @hears("fire")
    def fire(self, key: str) -> None:
        """A timer is due."""
        with self._changing():
            found = self._listening(key)
            if found.due is None:
                raise UnknownToken(key)
            self._happen(found, {})

    @hears("receive")
    def receive(self, key: str, variables: Mapping[str, Value]) -> None:
        """The message or the signal has come."""
        with self._changing():
            found = self._listening(key)
            if found.message is None and found.signal is None:
                raise UnknownToken(key)
            self._happen(found, copied(variables))

    @hears("children")
    def finish_children(self, token: str, results: Sequence[dict[str, Value] | None]) -> None:
        """The child instances have ended; `results` are their root variables in the order of `children`.

        None stands for a child that was cancelled because the completion condition held without it.
        """
        with self._changing():
            found = self._working(token, CallActivity)
            spec = found.task_spec
            assert isinstance(spec, CallActivity)
            spec.gather(found, results)
            holding.finish(found)

    # -- a token that failed ----------------------------------------------------------------------------

    @hears("release")
    def release(self, token: str) -> None:
        """A held token tries again; call `run` next."""
        with self._changing():
            found = self._held(token)
            result = holding.release(found)
            if result is None:
                return
            if found.state == TaskState.WAITING:
                self._happen(found, result)
            else:
                found.result = result
                holding.finish(found)

    @hears("skip")
    def skip(self, token: str, outputs: Mapping[str, Value], *, flow: str | None = None) -> None:
        """Let a token past its element as if it had given `outputs`; call `run` next. Raises IllegalMove."""
        with self._changing():
            holding.skip(self._token(token), outputs, flow=flow)

    @hears("jump")
    def jump(self, token: str, *, target: str) -> None:
        """Put a token at `target`; call `run` next. Raises IllegalMove, which names what is possible."""
        move = plan_jump(self._token(token), target)
        with self._changing():
            moves.carry_out(move)

    @hears("correct")
    def correct(self, token: str | None, changes: Mapping[str, Value]) -> None:
        """Set variables that the token sees, each where it is; a new one becomes the instance's own."""
        with self._changing() as tokens:
            for name, value in changes.items():
                tokens.scopes.merge(self._token(token).chain(), name, value)

    # -- moving back ------------------------------------------------------------------------------------

    def put_off(self, key: str, at: datetime) -> None:
        """The timer that waits under `key` is due at another time: the clock of its instance stood still."""
        found = self._token(key)
        if found.due is not None:
            found.due = replace(found.due, at=at, day=None)
            self._waits = self._dumped = None

    @hears("move")
    def move(self, token: str, *, target: str) -> None:
        """退回, 跳转: cancel what lies downstream of `target` and begin there anew.

        A target in a closed block, or in another branch, reopens the whole block at its fork. Raises
        IllegalMove, before anything is changed, when the target is not on the way here.
        """
        move = moves.plan(self._token(token), target)
        with self._changing():
            moves.carry_out(move)

    @hears("reopen")
    def reopen(self, target: str) -> None:
        """恢复办理: an instance that is over begins again at the user task `target`; call `run` next.

        What still stood when it was ended from outside goes. Where `target` stands in a parallel block or a
        subprocess, that begins anew as a whole (`reopening`). Raises IllegalMove.
        """
        place = moves.reopening_place(self._tokens, target)
        with self._changing() as tokens:
            for token in list(tokens.root.children):
                tokens.cancel_token(token)
            tokens.ready.clear()
            tokens.completed = False
            attend(tokens, tokens.root)
            tokens.place(place, tokens.root)

    # -- undoing a step --------------------------------------------------------------------------------

    @hears("take_back")
    def take_back(self, token: str, *, undoing: str, variables: Mapping[str, Value]) -> None:
        """撤回: undo what came of the token's completion; its step begins anew. Call `run` next.

        `undoing` is an `Undoing` as JSON, for it is kept; names of `variables` are `scope/name`.
        """
        with self._changing() as tokens:
            said = Undoing(**orjson.loads(undoing))
            values = {_place(key): copied({"": value})[""] for key, value in variables.items()}
            undo(tokens, said, values)

    # -- inside -----------------------------------------------------------------------------------------

    def _changing(self) -> "_Changing":
        self._check()
        return _Changing(self)

    def _working(self, key: str, *kinds: type) -> Token:
        found = self._token(key)
        if not isinstance(found.task_spec, kinds) or found.state not in (TaskState.READY, TaskState.STARTED):
            raise UnknownToken(key)
        if found.held:
            raise UnknownToken(key)
        return found

    def _held(self, key: str) -> Token:
        found = self._token(key)
        if not found.held:
            raise UnknownToken(key)
        return found

    def _listening(self, key: str) -> Token:
        found = self._token(key)
        if found.state != TaskState.WAITING or found.task_spec.wait(found) is None or holding.silent(found):
            raise UnknownToken(key)
        return found

    def _happen(self, token: Token, variables: dict[str, Value]) -> None:
        if holding.stops(token):
            self._tokens.scopes.put(token.scope, holding.KEPT, variables)
            return
        try:
            happen(token, variables)
        except Exception as failure:
            blame(failure, token.id)
            raise


class _Changing:
    """Something changes inside a `with`: what fails there leaves the instance in memory unusable."""

    __slots__ = ("_execution",)

    def __init__(self, execution: Execution) -> None:
        self._execution = execution

    def __enter__(self) -> Tokens:
        return self._execution._tokens

    def __exit__(self, kind: object, failure: BaseException | None, where: object) -> None:
        self._execution._waits = self._execution._dumped = None
        if failure is not None:
            self._execution._broken = True


def _place(key: str) -> tuple[str, str]:
    scope, _, name = key.partition("/")
    return scope, name
