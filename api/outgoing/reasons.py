"""Why a letter did not go out, as a sentence: what servers and lines say is English, and for their makers.

What they said stays beside it (`Unsent.original`), for who mends it.
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from urllib.error import HTTPError, URLError

from api.outgoing.webhook import Unwanted
from engine.runtime.outbox import Letter, Sender, Unsent

_HTTP = re.compile(r"HTTP (\d{3})")
_BOT = re.compile(r"^(?P<name>[^：]+)：(?P<code>\d+)(?: |$)")
_BY_KIND: tuple[tuple[type[Exception], str], ...] = (
    (smtplib.SMTPAuthenticationError, "邮件服务器不认用户名或密码，请核对邮件设置。"),
    (smtplib.SMTPRecipientsRefused, "邮件服务器不收这个收件地址，请核对收件人的邮箱。"),
    (smtplib.SMTPSenderRefused, "邮件服务器不让用这个发件地址，请核对邮件设置。"),
    (smtplib.SMTPNotSupportedError, "邮件服务器不支持设置里的加密或登录方式，请核对邮件设置。"),
    (smtplib.SMTPServerDisconnected, "邮件服务器中断了连接，稍后会再发。"),
    (ssl.SSLCertVerificationError, "对方的安全证书通不过检验，请核对地址和证书。"),
    (ssl.SSLError, "和对方的加密连接没有建立起来，请核对端口和加密方式。"),
    (socket.gaierror, "找不到对方的地址，请核对主机名和本机的域名解析。"),
    (TimeoutError, "对方没有按时回答，稍后会再发。"),
    (ConnectionRefusedError, "对方没有接受连接，请核对地址和端口，或看对方是否在运行。"),
    (ConnectionError, "和对方的连接中断了，稍后会再发。"),
)


def in_words(sender: Sender) -> Sender:
    """The same sender; what it raises is an `Unsent` with a sentence."""

    def send(letter: Letter) -> None:
        try:
            sender(letter)
        except LookupError:
            raise  # the settings lack something: a sentence of our own already
        except Exception as failure:
            raise Unsent(sentence_of(failure), str(failure) or type(failure).__name__) from failure

    return send


def sentence_of(failure: BaseException) -> str:
    """What has happened, in one sentence; by its class, else by what the other side answered."""
    if isinstance(failure, HTTPError):
        return _answered(failure.code)
    if isinstance(failure, URLError) and isinstance(failure.reason, BaseException):
        return sentence_of(failure.reason)
    for kind, sentence in _BY_KIND:
        if isinstance(failure, kind):
            return sentence
    for way in (_of_mail, _of_others):
        if sentence := way(failure):
            return sentence
    if isinstance(failure, OSError):
        return "没有连上对方，请核对网络和地址。"
    return "没有发出去；原文见下，请告诉系统管理员。"


def _of_mail(failure: BaseException) -> str:
    if not isinstance(failure, smtplib.SMTPException):
        return ""
    code = failure.smtp_code if isinstance(failure, smtplib.SMTPResponseException) else 0
    if isinstance(failure, smtplib.SMTPDataError) and code >= 500:
        return "邮件服务器拒收了这封信的内容。"
    if 400 <= code < 500:
        return "邮件服务器现在收不了信，稍后会再发。"
    return "邮件服务器没有收下这封信。"


def _of_others(failure: BaseException) -> str:
    if not isinstance(failure, Unwanted):
        return ""
    said = str(failure)
    if status := _HTTP.search(said):
        return _answered(int(status[1]))
    if bot := _BOT.match(said):
        return f"{bot['name']}没有收下这条消息（代码 {bot['code']}），请核对它的地址和密钥。"
    return said if said.endswith("。") else f"{said}。"


_STATUS: tuple[tuple[Callable[[int], bool], str], ...] = (
    (lambda code: code in (401, 403), "对方不认本系统的密钥或签名（HTTP {code}），请核对设置。"),
    (lambda code: code in (404, 410), "对方没有这个地址（HTTP {code}），请核对设置。"),
    (lambda code: code in (408, 429), "对方现在太忙（HTTP {code}），稍后会再发。"),
    (lambda code: code == 413, "对方嫌内容太长（HTTP {code}）。"),
    (lambda code: 300 <= code < 400, "对方要求转到别的地址（HTTP {code}），没有跟过去，请核对设置。"),
    (lambda code: code >= 500, "对方的系统出了故障（HTTP {code}），稍后会再发。"),
)


def _answered(code: int) -> str:
    found = next((sentence for fits, sentence in _STATUS if fits(code)), "对方没有收下（HTTP {code}）。")
    return found.format(code=code)
