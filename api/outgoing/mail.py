"""Mail by SMTP. The Message-ID is made of the letter's id, so a second copy is known as one."""

import smtplib
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Literal

from engine.runtime.outbox import Letter


@dataclass(frozen=True)
class Mail:
    """Sends one mail by a connection of its own. Raises `smtplib.SMTPException` or `OSError`."""

    host: str
    port: int
    security: Literal["none", "starttls", "tls"]
    user: str
    password: str
    sender: str
    timeout: float

    def __call__(self, letter: Letter) -> None:
        with self._connection() as server:
            if self.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
            server.send_message(self.message(letter))

    def _connection(self) -> smtplib.SMTP:
        if self.security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=self.timeout)

    def message(self, letter: Letter) -> EmailMessage:
        """The mail: plain text, marked as written by a machine, so that nobody's absence answers it."""
        message = EmailMessage()
        message["From"], message["To"] = self.sender, letter.recipient
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(letter.created_at or datetime.now(UTC))
        home = parseaddr(self.sender)[1].rpartition("@")[2] or "bihuan.invalid"
        message["Message-ID"] = f"<{letter.id}@{home}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.content)
        return message
