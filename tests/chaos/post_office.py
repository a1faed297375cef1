"""A real mail server that goes away and comes back on its port, and can be slow to say that it took one."""

import socketserver
import threading
from collections import Counter
from email import message_from_bytes


class PostOffice:
    """What it took is kept over its absences. While `held`, whoever brings a mail waits for the answer."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.held = False
        self.waiting = threading.Event()
        """Somebody has handed over a mail and has not been answered."""
        self._server: _Server | None = None
        self.open()
        self.port = self._server.server_address[1] if self._server else 0
        self.close()

    def open(self) -> None:
        """It listens, on the port that it had."""
        self._server = _Server(self, getattr(self, "port", 0))
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        """Nobody listens there any more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
        self._server = None

    def copies(self) -> Counter[tuple[str, str]]:
        """How often each mail came: by receiver and Message-ID."""
        mails = [message_from_bytes(data) for data in self.taken]
        return Counter((str(mail["to"]), str(mail["message-id"])) for mail in mails)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self, office: PostOffice, port: int) -> None:
        self.office = office
        super().__init__(("127.0.0.1", port), _Smtp)


class _Smtp(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        try:
            self._talk()
        except OSError:
            """Whoever brought the mail is gone."""

    def _talk(self) -> None:
        server = self.server
        assert isinstance(server, _Server)
        self._say("220 here")
        while line := self.rfile.readline():
            verb = line.strip().upper()
            if verb == b"DATA":
                self._say("354 go on")
                server.office.taken.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                server.office.waiting.set()
                while server.office.held:
                    threading.Event().wait(0.02)
            self._say("221 bye" if verb == b"QUIT" else "250 good")

    def _say(self, answer: str) -> None:
        self.wfile.write(answer.encode() + b"\r\n")
        self.wfile.flush()
