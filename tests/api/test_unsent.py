"""Why a letter did not go out is said in Chinese; what the other side said stays for who mends it."""

import re
import smtplib
import socket
import ssl
from email.message import Message
from urllib.error import HTTPError, URLError

import pytest

from api.outgoing.reasons import in_words, sentence_of
from api.outgoing.resting import Resting
from api.outgoing.webhook import Unwanted
from api.pages import environment
from engine.runtime.outbox import Letter, Unsent

FAILURES: list[tuple[Exception, str]] = [
    (smtplib.SMTPAuthenticationError(535, b"5.7.8 Authentication failed"), "不认用户名或密码"),
    (smtplib.SMTPRecipientsRefused({"a@b": (550, b"User unknown")}), "不收这个收件地址"),
    (smtplib.SMTPSenderRefused(553, b"not allowed", "x@y"), "不让用这个发件地址"),
    (smtplib.SMTPNotSupportedError("STARTTLS extension not supported by server."), "不支持"),
    (smtplib.SMTPServerDisconnected("Connection unexpectedly closed"), "中断了连接"),
    (smtplib.SMTPConnectError(421, b"Too many connections"), "现在收不了信"),
    (smtplib.SMTPDataError(554, b"Message rejected as spam"), "拒收了这封信的内容"),
    (smtplib.SMTPDataError(451, b"Try again later"), "现在收不了信"),
    (smtplib.SMTPHeloError(501, b"bad helo"), "没有收下这封信"),
    (ssl.SSLCertVerificationError("certificate verify failed"), "安全证书通不过"),
    (ssl.SSLError("wrong version number"), "加密连接没有建立"),
    (socket.gaierror(-2, "Name or service not known"), "找不到对方的地址"),
    (TimeoutError("timed out"), "没有按时回答"),
    (ConnectionRefusedError(111, "Connection refused"), "没有接受连接"),
    (ConnectionResetError(104, "Connection reset by peer"), "连接中断了"),
    (OSError(101, "Network is unreachable"), "没有连上对方"),
    (URLError(ConnectionRefusedError(111, "Connection refused")), "没有接受连接"),
    (URLError("unknown url type"), "没有连上对方"),
    (HTTPError("https://a", 403, "Forbidden", Message(), None), "不认本系统的密钥"),
    (HTTPError("https://a", 404, "Not Found", Message(), None), "没有这个地址"),
    (HTTPError("https://a", 302, "Found", Message(), None), "转到别的地址"),
    (HTTPError("https://a", 503, "Unavailable", Message(), None), "系统出了故障"),
    (HTTPError("https://a", 418, "Teapot", Message(), None), "没有收下（HTTP 418）"),
    (Unwanted("企业微信：93000 invalid webhook url"), "企业微信没有收下这条消息（代码 93000）"),
    (Unwanted("钉钉：HTTP 429"), "现在太忙"),
    (Unwanted("飞书：没有连上"), "没有连上。"),
    (RuntimeError("what on earth"), "请告诉系统管理员"),
]
ENGLISH = re.compile("[A-Za-z]{3,}")


@pytest.mark.parametrize(("failure", "said"), FAILURES, ids=lambda one: type(one).__name__)
def test_every_usual_failure_has_a_chinese_sentence(failure: Exception, said: str) -> None:
    sentence = sentence_of(failure)
    assert said in sentence and sentence.endswith("。")
    assert not ENGLISH.search(sentence.replace("HTTP", "")), sentence


def refusing(letter: Letter) -> None:
    raise smtplib.SMTPRecipientsRefused({letter.recipient: (550, b"User unknown")})


def test_the_list_shows_the_sentence_and_keeps_what_was_said() -> None:
    """It showed `{'a@b': (550, b'User unknown')}`."""
    letter = Letter("mail", "ling@hz.example", "c")
    with pytest.raises(Unsent) as unsent:
        Resting(in_words(refusing))(letter)
    assert "User unknown" in unsent.value.original
    shown = environment().from_string("{% import 'parts.html' as parts %}{{ parts.failure(text) }}")
    text = shown.render(text=f"{unsent.value}\n{unsent.value.original}")
    assert text.index("不收这个收件地址") < text.index("<summary>原文</summary>") < text.index("User unknown")
