"""The REST calls as the application describes them: addresses, bodies, examples."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from httpx import Response
from pydantic import BaseModel

from api.routes import ROUTERS

API = "/api/v1"
PUBLIC = f"{API}/public/"


@dataclass(frozen=True)
class Call:
    """One call: method, address with its places in braces, and the shape of its JSON body, if it has one."""

    method: str
    path: str
    body: type[BaseModel] | None
    upload: bool

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def send(self, client: TestClient, places: Mapping[str, str]) -> Response:
        """Make the call with the example of its description."""
        path = self.path.format_map(places)
        answer: Response
        if self.upload:
            upload = {"file": ("a.xlsx", b"PK")}
            answer = client.request(self.method, path, files=upload, data={"field": "f"})
        else:
            answer = client.request(self.method, path, json=examples(self.body)[0] if self.body else None)
        return answer


def calls() -> list[Call]:
    """Every REST call of the application."""
    return list(_calls())


def _calls() -> Iterator[Call]:
    for router in ROUTERS:
        for route in router.routes:
            if not isinstance(route, APIRoute) or not route.path.startswith(API):
                continue
            sent = [param.field_info.annotation for param in route.dependant.body_params]
            bodies = [kind for kind in sent if isinstance(kind, type) and issubclass(kind, BaseModel)]
            for method in sorted(route.methods or ()):
                body = bodies[0] if bodies else None
                yield Call(method, route.path, body, upload=bool(sent) and body is None)


def examples(model: type[BaseModel]) -> list[Mapping[str, object]]:
    """What the description gives as examples of a body."""
    extra = model.model_config.get("json_schema_extra")
    assert isinstance(extra, dict), f"{model.__name__} has no example"
    found = extra["examples"] if "examples" in extra else [extra["example"]]
    assert isinstance(found, list)
    return [one for one in found if isinstance(one, dict)]
