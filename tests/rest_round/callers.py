"""Who calls: people of the city by their own tokens, visitors from addresses of their own."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response

from api.commands.demo import PASSWORD
from engine.verbs.refusals import Invalid, NotAllowed, NotVisible, Refusal
from engine.work.bindings import FieldError
from processes.simulation.city import VirtualCity

API = "/api/v1"
REFUSED = (403, 404)
"""What a caller gets for rows that are none of theirs."""


@dataclass
class Callers:
    """Everybody's calls. Somebody's first call is made after a real log-in and with a token made then."""

    app: FastAPI
    client: TestClient
    city: VirtualCity
    made: Counter[str] = field(default_factory=Counter)
    """Calls that were made, by log-in; empty for visitors."""
    _tokens: dict[str, str] = field(default_factory=dict)
    _addresses: Iterator[int] = field(default_factory=count)

    def get(self, login: str, path: str, **asked: str) -> Response:
        """One call that reads."""
        return self._call(login, "GET", path, params=asked)

    def post(self, login: str, path: str, sent: object = None, *, key: str = "") -> Response:
        """One call that does something. With a key it may be sent again."""
        return self._call(login, "POST", path, json=sent, headers={"Idempotency-Key": key} if key else {})

    def hand_over(
        self, login: str, path: str, *, file: tuple[str, bytes, str], fields: Mapping[str, str] | None = None
    ) -> Response:
        """One call with a file."""
        return self._call(login, "POST", path, files={"file": file}, data=dict(fields or {}))

    def at(self, post: str) -> str:
        """The log-in of who holds a post of the office."""
        return self.of(self.city.assessor_id, post)

    def of(self, unit_id: str, post: str) -> str:
        """The log-in of who holds a post of a unit."""
        return self.city.logins[self.city.holders[unit_id, post][0]]

    def visit(self, method: str, path: str, sent: object = None) -> Response:
        """An open call, without a token, by somebody who has never called before."""
        number = next(self._addresses)
        address = f"10.0.{number // 250}.{number % 250 + 1}"
        self.made[""] += 1
        answer: Response = TestClient(self.app, client=(address, 50000)).request(
            method, API + path, json=sent
        )
        return answer

    def _call(
        self, login: str, method: str, path: str, *, headers: Mapping[str, str] | None = None, **sent: Any
    ) -> Response:
        self.made[login] += 1
        allowed = {"Authorization": f"Bearer {self._token(login)}", **(headers or {})}
        answer: Response = self.client.request(method, API + path, headers=allowed, **sent)
        return answer

    def _token(self, login: str) -> str:
        if login not in self._tokens:
            browser = TestClient(self.app, follow_redirects=False)
            entered = browser.post("/login", data={"login": login, "password": PASSWORD})
            assert entered.status_code == 303, entered.text
            made = browser.post(f"{API}/tokens", json={"name": "年度往返", "days": 366})
            assert made.status_code == 201, made.text
            self._tokens[login] = made.json()["token"]
        return self._tokens[login]


@contextmanager
def callers_of(app: FastAPI, city: VirtualCity) -> Iterator[Callers]:
    """Callers of one application."""
    with TestClient(app) as client:
        yield Callers(app, client, city)


def answered(answer: Response) -> Any:
    """What a call that went through says. Raises the refusal that the answer tells of."""
    if answer.is_success:
        return answer.json() if answer.content else None
    raise _refusal(answer)


def _refusal(answer: Response) -> Refusal:
    if answer.headers.get("content-type") != "application/problem+json" or answer.status_code >= 500:
        raise AssertionError(f"{answer.request.method} {answer.request.url.path}: {answer.text[:500]}")
    told = answer.json()
    if answer.status_code == 404:
        return NotVisible()
    if answer.status_code == 403:
        return NotAllowed(told["title"])
    errors = tuple(FieldError(one["field"], one["code"], one["message"]) for one in told.get("errors", ()))
    return Invalid(told["title"], errors=errors)
