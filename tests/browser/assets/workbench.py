"""A small HTTP server that shows the pages of this folder and records what the designer sends."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from api.security.headers import DIAGRAMS, STRICT

HERE = Path(__file__).parent
ROOTS = {
    "static": HERE.parents[2] / "api" / "static",
    "pages": HERE / "pages",
    "diagrams": HERE / "diagrams",
}
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".bpmn": "application/xml",
}


@dataclass
class Workbench:
    """What the server answers, and what it was sent: path and JSON body, in order."""

    address: str = ""
    findings: list[dict[str, object]] = field(default_factory=list)
    deploy_answer: tuple[int, dict[str, object]] = (200, {"definition": "fill_and_review", "version": 2})
    received: list[tuple[str, dict[str, dict[str, str]]]] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)

    def sent_to(self, path: str) -> list[dict[str, str]]:
        """The files of each request to ``path``."""
        return [body["files"] for to, body in self.received if to == path]


@contextmanager
def open_workbench() -> Iterator[Workbench]:
    """Serve on a free port of the loopback until the end of the block."""
    bench = Workbench()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(bench))
    bench.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield bench
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(bench: Workbench) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            root, _, name = self.path.partition("?")[0].strip("/").partition("/")
            file = ROOTS.get(root, HERE / "nowhere") / name
            if file.is_file():
                self._answer(200, file.read_bytes(), KINDS.get(file.suffix, "application/octet-stream"))
            else:
                self._answer(404, b"", "text/plain")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/draft":
                bench.drafts.append(body.decode())
                self._answer(204, b"", "text/plain")
                return
            bench.received.append((self.path, json.loads(body)))
            status, said = (
                bench.deploy_answer if self.path == "/deploy" else (200, {"findings": bench.findings})
            )
            self._answer(status, json.dumps(said).encode(), "application/json")

        def _answer(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            # The application's own policy: browser code that breaks it would be broken there.
            self.send_header("Content-Security-Policy", STRICT if "comforts" in self.path else DIAGRAMS)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    return Handler
