"""Who sends which kind of letter in this installation."""

from api.outgoing.chat import Chats
from api.outgoing.mail import Mail
from api.outgoing.reasons import in_words
from api.outgoing.resting import Resting
from api.outgoing.webhook import Webhooks
from api.settings import Settings
from engine.runtime.outbox import Sender


def senders_of(settings: Settings) -> dict[str, Sender]:
    """By the kind of letter; a kind that is not set up has nobody, and its letters wait as incidents."""
    senders: dict[str, Sender] = {}
    timeout = settings.send_timeout_seconds
    if settings.mail_host:
        senders["mail"] = Mail(
            host=settings.mail_host,
            port=settings.mail_port,
            security=settings.mail_security,
            user=settings.mail_user,
            password=settings.mail_password,
            sender=settings.mail_from or f"bihuan@{settings.mail_host}",
            timeout=timeout,
        )
    if settings.webhooks:
        senders["webhook"] = Webhooks(settings.webhooks, timeout)
    if settings.notice_channels:
        senders["chat"] = Chats(settings.notice_channels, senders.get("webhook"), timeout)
    return {kind: Resting(in_words(sender)) for kind, sender in senders.items()}
