"""What went wrong, told to people as a page and to programs as a problem document (RFC 9457).

Each code has three sentences: what happened, what was kept, what to do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.language import gettext as _


@dataclass(frozen=True)
class Sentences:
    """What happened, what was kept, what to do."""

    happened: str
    kept: str
    advice: str


@dataclass
class Trouble(Exception):
    """A refusal of a page or REST call. `message` replaces the usual first sentence of `code`.

    `errors` holds `{field, code, message}`; `more` whatever a program may want besides.
    """

    status: int
    code: str
    message: str = ""
    errors: Sequence[Mapping[str, str]] = ()
    more: Mapping[str, object] | None = None


def _sentences(code: str) -> Sentences:
    nothing = _("没有改动任何数据。")
    known = {
        "not_found": (_("没有找到这个页面或这项工作。"), nothing,
                      _("地址可能有误，也可能不在您的职责范围内。请从待办进入。")),
        "not_allowed": (_("您可以看到这里，但不能做这件事。"), nothing,
                        _("如果这是您的职责，请让系统管理员核对您的岗位。")),
        "log_in_first": (_("您还没有登录，或登录已经过期。"), _("已自动保存的草稿都在。"),
                         _("请重新登录，之后会回到这一页。")),
        "forged_request": (_("这个请求不是从本系统的页面发出的，已被拒绝。"), nothing,
                           _("请从本系统的页面重新操作。")),
        "too_large": (_("提交的内容超过了允许的大小。"), _("没有保存这次提交；之前自动保存的草稿还在。"),
                      _("请压缩附件或分几次上传。")),
        "malformed": (_("提交的内容不完整或格式不对。"), nothing, _("请返回上一页，刷新后重试。")),
        "method_not_allowed": (_("这个地址不接受这种请求。"), nothing, _("请从页面上的按钮操作。")),
        "stale": (_("您打开这一页以后，别人改过这里，您的修改没有保存。"), _("您填写的都在下面。"),
                  _("请回到那一页，看过现在的内容再改。")),
        "too_many": (_("短时间内提交得太多。"), nothing, _("请过一小时再试。")),
        "broken": (_("系统出了故障，这一步没有完成。"), _("这一步的改动已全部撤销，之前保存的内容都在。"),
                   _("请稍后再试；若再次出现，请把下面的编号告诉管理员。")),
        "unavailable": (_("数据库暂时连不上，这一步没有完成。"), nothing,
                        _("请过几秒钟再试；之前自动保存的草稿都在。")),
        "storage_full": (_("服务器的存储空间已满，这一步没有完成。"), nothing,
                         _("请告诉系统管理员；腾出空间以后再办理。")),
    }  # fmt: skip
    happened, kept, advice = known.get(code, (_("这一步没有完成。"), nothing, _("请返回待办再试。")))
    return Sentences(happened, kept, advice)


def wants_json(request: Request) -> bool:
    """Whether the answer is for a program."""
    if request.url.path.startswith("/api/"):
        return True
    accept = request.headers.get("accept", "")
    return ("application/json" in accept or "text/event-stream" in accept) and "text/html" not in accept


def answer_error(
    request: Request,
    *,
    status: int,
    code: str,
    message: str = "",
    errors: Sequence[Mapping[str, str]] = (),
    more: Mapping[str, object] | None = None,
) -> Response:
    """The problem document or the error page, whichever the asker reads."""
    sentences = _sentences(code)
    if wants_json(request):
        return problem(
            status=status, code=code, message=message or sentences.happened, errors=errors, more=more,
            request_id=getattr(request.state, "request_id", ""),
        )  # fmt: skip
    from api.pages import page  # the page module needs this one for its own refusals
    from api.security.posted import safe_next

    outside = request.url.path.startswith("/public")
    if outside and code == "not_found":
        advice = _("地址可能有误，也可能已经不再公开。请从首页进入。")
        sentences = Sentences(sentences.happened, sentences.kept, advice)
    return page(
        request,
        "error.html",
        status=status,
        headline=message or sentences.happened,
        sentences=sentences,
        outside=outside,
        back=safe_next(urlsplit(request.headers.get("referer", "")).path) if code == "stale" else "",
        request_id=getattr(request.state, "request_id", ""),
        error_code=code,
    )


def problem(
    *,
    status: int,
    code: str,
    message: str,
    errors: Sequence[Mapping[str, str]] = (),
    more: Mapping[str, object] | None = None,
    request_id: str = "",
) -> JSONResponse:
    """An RFC 9457 problem document with `code`, and `errors` where fields are wrong."""
    body: dict[str, object] = {"type": "about:blank", "title": message, "status": status, "code": code}
    if errors:
        body["errors"] = [dict(error) for error in errors]
    if request_id:
        body["request_id"] = request_id
    body.update(more or {})
    return JSONResponse(body, status_code=status, media_type="application/problem+json")
