"""One router a group, with the problems that every call may answer."""

from typing import Any

from fastapi import APIRouter

from api.rest.shapes import Problem

_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": words, "model": Problem}
    for status, words in {
        401: "没有登录，或令牌无效",
        403: "看得到但不能做",
        404: "没有，或看不到",
        409: "已有变动或已办完",
        422: "内容不对",
    }.items()
}


def open_group(tag: str) -> APIRouter:
    """A router under /api/v1 for calls that need no log-in."""
    answers: dict[int | str, dict[str, Any]] = {status: _PROBLEMS[status] for status in (404, 422)}
    answers[429] = {"description": "太频繁", "model": Problem}
    return APIRouter(prefix="/api/v1", tags=[tag], responses=answers)


def group(tag: str) -> APIRouter:
    """A router under /api/v1."""
    return APIRouter(prefix="/api/v1", tags=[tag], responses=_PROBLEMS)
