"""People at work through REST while servers die: each keeps what was acknowledged, and asks again if not."""

import random
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx

from engine.ids import new_id

API = "/api/v1"
PATIENCE_SECONDS = 20.0
AGAIN = 0.7
"""How often somebody who got no answer asks again at once; else the task is met anew in the inbox, or not."""


@dataclass
class Memory:
    """What all clients were told. Each list is only ever added to."""

    acknowledged: dict[str, str] = field(default_factory=dict)
    """Item -> outcome that the server has confirmed."""
    tried: dict[str, set[str]] = field(default_factory=dict)
    """Item -> keys under which it was sent."""
    unanswered: int = 0
    repeated: int = 0
    """Confirmed only when asked again."""
    not_now: str = ""
    """The last answer that said: not now."""
    surprises: list[str] = field(default_factory=list)
    """Answers that nobody should get here."""


class Client(threading.Thread):
    """One person who does whatever lies in the inbox, on any of the servers, until told to stop."""

    def __init__(self, login: str, token: str, *, ports: Sequence[int], memory: Memory, seed: int) -> None:
        super().__init__(name=login, daemon=True)
        self.login, self.ports, self.memory = login, ports, memory
        self.chance = random.Random(f"{seed}{login}")
        self.stopping = threading.Event()
        self.web = httpx.Client(
            headers={"Authorization": f"Bearer {token}"}, timeout=PATIENCE_SECONDS, trust_env=False
        )

    def run(self) -> None:
        """Work; an inbox that is empty, or a server that is not there, is met again a moment later."""
        while not self.stopping.is_set():
            try:
                if not self._work():
                    self.stopping.wait(0.15)
            except httpx.HTTPError:
                self.stopping.wait(0.05)
            except Exception as unforeseen:
                self.memory.surprises.append(f"{self.login}: {unforeseen!r}")
                return

    def _work(self) -> bool:
        listed = self._address(f"{API}/work-items?limit=5")
        answer = self.web.get(listed)
        items = answer.json()["items"] if answer.status_code == 200 else []
        if answer.status_code != 200 and answer.status_code < 500:
            self.memory.surprises.append(f"{self.login}: {answer.status_code} {answer.text}")
        for item in items:
            self._do(item)
        return bool(items)

    def _do(self, item: dict[str, object]) -> None:
        outcome = {"review": "approve", "sign": "approve"}.get(str(item["element"]), "submit")
        if item["element"] == "review" and self.chance.random() < 0.2:
            outcome = "return"
        sent = {"version": item["version"], "outcome": outcome, "opinion": "", "fields": {}}
        identity, key = str(item["id"]), new_id()
        self.memory.tried.setdefault(identity, set()).add(key)
        for attempt in range(50):
            answered = self._send(identity, key, sent)
            if answered is None:
                self.memory.unanswered += 1
                if self.chance.random() > AGAIN or self.stopping.wait(0.05):
                    return
                continue
            if answered.status_code == 200:
                self.memory.acknowledged[identity] = outcome
                self.memory.repeated += attempt > 0
            elif not self._excused(identity, answered):
                self.memory.surprises.append(f"{self.login}: {answered.status_code} {answered.text}")
            return

    def _send(self, identity: str, key: str, sent: dict[str, object]) -> httpx.Response | None:
        """The answer; None when there was none, or one that says: not now."""
        try:
            answer = self.web.post(
                self._address(f"{API}/work-items/{identity}/complete"),
                json=sent,
                headers={"Idempotency-Key": key},
            )
        except httpx.HTTPError:
            return None
        if answer.status_code >= 500:
            self.memory.not_now = f"{answer.status_code} {answer.text[:500]}"
            return None
        return answer

    def _excused(self, identity: str, answer: httpx.Response) -> bool:
        """Somebody who gave up without an answer may find later that it was done all the same."""
        return answer.status_code == 409 and len(self.memory.tried[identity]) > 1

    def _address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.chance.choice(self.ports)}{path}"
