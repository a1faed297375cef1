"""Who sends which kind of letter in this installation."""

from api.outgoing.mail import Mail
from api.outgoing.webhook import Webhooks
from api.settings import Settings
from engine.runtime.outbox import Sender


def senders_of(settings: Settings) -> dict[str, Sender]:
    """By the kind of letter; a kind that is not set up has nobody, and its letters wait as incidents."""
    senders: dict[str, Sender] = {}
    if settings.mail_host:
        senders["mail"] = Mail(
            host=settings.mail_host,
            port=settings.mail_port,
            security=settings.mail_security,
            user=settings.mail_user,
            password=settings.mail_password,
            sender=settings.mail_from or f"bihuan@{settings.mail_host}",
            timeout=settings.send_timeout_seconds,
        )
    if settings.webhooks:
        senders["webhook"] = Webhooks(settings.webhooks, settings.send_timeout_seconds)
    return senders
