"""A way out that hangs is left alone for a while: the letters behind the first do not wait one by one."""

import time
from collections.abc import Callable

from engine.runtime.outbox import Letter, Sender

SLOW_SECONDS = 2.0
"""A failure that took longer than this was a wait for nobody."""
REST_SECONDS = 30.0


class StillAway(Exception):
    """A moment ago nobody answered there; the letter is tried again later, like one that was not taken."""


class Resting:
    """A sender that, when it hung on a channel, fails at once there for `REST_SECONDS`."""

    def __init__(self, sender: Sender, *, now: Callable[[], float] = time.monotonic) -> None:
        self.sender = sender
        self._now = now
        self._until: dict[str, tuple[float, str]] = {}

    def __call__(self, letter: Letter) -> None:
        until, why = self._until.get(letter.channel, (0.0, ""))
        began = self._now()
        if began < until:
            raise StillAway(why)
        try:
            self.sender(letter)
        except Exception as failure:
            if self._now() - began >= SLOW_SECONDS:
                self._until[letter.channel] = (
                    self._now() + REST_SECONDS,
                    str(failure) or type(failure).__name__,
                )
            raise
