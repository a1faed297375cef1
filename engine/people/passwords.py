"""Passwords: how they are kept (argon2id), what makes one good enough, and one-time passwords."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from engine.people.refusals import Crowded, PeopleRefused

# Without 0/O, 1/l/I: a one-time password is read from paper.
_ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_ONE_TIME_LENGTH = 14
_LONGEST_WAIT = 1.0
"""Seconds."""
_LONGEST = 200
"""Longer input is refused before it is hashed."""


@dataclass(frozen=True)
class PasswordRules:
    """What a city may set. Costs are argon2id's: passes, KiB of memory, lanes; tests use cheap ones."""

    min_length: int = 10
    failures: int = 5
    lock_minutes: int = 15
    time_cost: int = 3
    memory_cost: int = 65_536
    parallelism: int = 4
    at_once: int = 2
    waiting: int = 6

    def __post_init__(self) -> None:
        if self.failures < 2 or self.lock_minutes < 1 or self.min_length < 6:
            raise PeopleRefused(
                "password_rules", "口令规则太松：至少 6 位，锁定前至少允许 2 次失败，至少锁定 1 分钟。"
            )


class Passwords:
    """Hashes and checks by one set of rules; safe to share between threads.

    A check costs about a fifth of a second on purpose, so only `rules.at_once` run at a time.
    Nobody waits longer than a second for a turn: a flood of log-ins must not hold every thread.
    """

    def __init__(self, rules: PasswordRules | None = None) -> None:
        self.rules = rules or PasswordRules()
        self._slow = PasswordHash(
            (Argon2Hasher(self.rules.time_cost, self.rules.memory_cost, self.rules.parallelism),)
        )
        # A random secret of 80 bits cannot be guessed, so hashing thousands at an import may be quick.
        self._quick = PasswordHash((Argon2Hasher(1, 64, 1),))
        self._turns = BoundedSemaphore(self.rules.at_once)
        self._places = BoundedSemaphore(self.rules.at_once + self.rules.waiting)
        self._quick_mark = self._quick.hash("").rpartition("$")[0].rpartition("$")[0]
        self._nobody = self._slow.hash(secrets.token_urlsafe())

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place in the short queue of a log-in. Raises Crowded at once when all are taken."""
        if not self._places.acquire(blocking=False):
            raise Crowded
        try:
            yield
        finally:
            self._places.release()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=_LONGEST_WAIT):
            raise Crowded
        try:
            yield
        finally:
            self._turns.release()

    def hash(self, password: str) -> str:
        """The hash of a password that a person chose. Raises Crowded."""
        with self._turn():
            return self._slow.hash(password)

    def one_time(self) -> tuple[str, str]:
        """A random password to be changed at first use, and its hash."""
        secret = "".join(secrets.choice(_ALPHABET) for _ in range(_ONE_TIME_LENGTH))
        return secret, self._quick.hash(secret)

    def matches(self, password: str, kept: str | None) -> bool:
        """Whether `password` is the one kept; as slow for nobody (`kept` None or empty) as for
        someone. Raises Crowded."""
        if len(password) > _LONGEST:
            return False
        with self._turn():
            if kept and not kept.startswith(self._quick_mark):
                return self._verify(password, kept)
            # Neither "no such account" nor "password never changed" may answer faster than the rest.
            self._slow.verify(password, self._nobody)
        return bool(kept) and self._verify(password, kept or "")

    def _verify(self, password: str, kept: str) -> bool:
        try:
            return self._slow.verify(password, kept)
        except UnknownHashError:
            return False

    def check_strength(self, password: str, *, login: str) -> None:
        """Raises PeopleRefused with a sentence when `password` is too weak for the account `login`."""
        if len(password) < self.rules.min_length:
            raise _weak("short", f"密码至少要有 {self.rules.min_length} 个字符。")
        if len(password) > _LONGEST:
            raise _weak("long", f"密码不能超过 {_LONGEST} 个字符。")
        folded = password.casefold()
        if login and login.casefold() in folded:
            raise _weak("login", "密码不能包含登录名。")
        if len(set(folded)) < 5:
            raise _weak("repeats", "密码中不同的字符太少，至少要有 5 种。")


def _weak(reason: str, message: str) -> PeopleRefused:
    return PeopleRefused("password_weak", message, hint="可以用一句自己记得住的话。", reason=reason)
