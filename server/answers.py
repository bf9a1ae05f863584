"""How errors leave: one handler turns each into an RFC 9457 problem by the table in `problems`."""

from __future__ import annotations

import re
from typing import Any

import structlog
from flask import Flask, Response, current_app, request
from flask_smorest import Api
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from server.problems import PROBLEMS, NotFound, document, kind_of

log = structlog.get_logger()

RETRY_AFTER_S = "5"
# What marshmallow says of values that do not fit, and how an officer reads it.
_CHINESE = [
    (re.compile(pattern), zh)
    for pattern, zh in (
        (r"Missing data for required field\.", "必填项缺失。"),
        (r"Field may not be null\.", "不能为空值。"),
        (r"Unknown field\.", "未知的数据项。"),
        (r"Not a valid string\.", "须为文本。"),
        (r"Not a valid UUID\.", "须为有效的标识（UUID）。"),
        (r"Not a valid integer\.", "须为整数。"),
        (r"Not a valid number\.", "须为数字。"),
        (r"Not a valid boolean\.", "须为 true 或 false。"),
        (r"Not a valid date\.", "须为有效日期，如 2026-09-30。"),
        (r"Not a valid (?:aware )?datetime\.", "须为有效时间，如 2026-09-30T09:00:00+08:00。"),
        (r"Not a valid list\.", "须为列表。"),
        (r"(?:Not a valid mapping type|Invalid input type)\.", "须为 JSON 对象。"),
        (r"Must be one of: (.*)\.", r"须为以下之一：\1。"),
        (r"Shorter than minimum length (\d+)\.", r"长度不能少于 \1。"),
        (r"Longer than maximum length (\d+)\.", r"长度不能超过 \1。"),
        (r"Length must be between (\d+) and (\d+)\.", r"长度须在 \1 到 \2 之间。"),
        (r"Length must be (\d+)\.", r"长度须为 \1。"),
        (r"Must be greater than or equal to (\S+?)\.", r"不能小于 \1。"),
        (r"Must be less than or equal to (\S+?)\.", r"不能大于 \1。"),
        (
            r"Must be greater than or equal to (\S+) and less than or equal to (\S+?)\.",
            r"须在 \1 到 \2 之间。",
        ),
        (r"String does not match expected pattern\.", "格式不正确。"),
    )
]
_BY_STATUS = {
    400: "bad-request",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    413: "payload-too-large",
    415: "unsupported-media-type",
    422: "invalid-input",
    429: "too-many-requests",
}
# What the database refuses where two people act at once, and the fact that it stands for.
_CONSTRAINTS = {
    "unit_is_open": "unit-closed",
    "unit_leaves_nothing_open": "unit-has-open-matters",
    "unit_one_answers_for_a_division": "division-taken",
}


def register(app: Flask) -> None:
    """Let every error of the application leave as `application/problem+json`."""
    app.before_request(_refuse_nul)
    app.register_error_handler(Exception, answer)
    app.register_error_handler(HTTPException, answer)


def _refuse_nul() -> None:
    """Answer 404 for an address with a NUL character in it, which nothing stored can have."""
    if "\0" in request.path:
        raise NotFound("No address has a NUL character.", "地址中不得含有空字符。")


def answer(error: Exception) -> Response:
    """Return the problem that an error becomes; what the table does not know is a logged 500."""
    if isinstance(error, HTTPException):
        return _http_problem(error)
    found = kind_of(error)
    if found is not None:
        return _told_when(_problem(document(*found, error)), error)
    if isinstance(error, OperationalError | InterfaceError | PoolTimeout) or _lost(error):
        log.warning("database unavailable", error=str(error))
        return _unavailable()
    refused = _CONSTRAINTS.get(_constraint(error))
    if refused is not None:
        return _problem(document(refused, PROBLEMS[refused]))
    if isinstance(error, RecursionError):
        return _problem(document("bad-request", PROBLEMS["bad-request"]))
    if isinstance(error, DataError):
        return _problem(_data_problem())
    log.exception("unexpected fault", path=request.path)
    return _problem(document("internal", PROBLEMS["internal"]))


def _told_when(response: Response, error: Exception) -> Response:
    """Return the answer with the headers that its status asks for (RFC 9110)."""
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    wait_s = getattr(error, "retry_after_s", None)
    if wait_s is not None:
        response.headers["Retry-After"] = str(wait_s)
    return response


def _constraint(error: Exception) -> str:
    """Return the name of the constraint that the database says was broken, empty when it says none."""
    if not isinstance(error, IntegrityError):
        return ""
    return getattr(getattr(error.orig, "diag", None), "constraint_name", None) or ""


def _lost(error: Exception) -> bool:
    """Return whether the connection broke, by whatever name the driver calls it."""
    return isinstance(error, DBAPIError) and error.connection_invalidated


def _unavailable() -> Response:
    response = _problem(document("unavailable", PROBLEMS["unavailable"]))
    response.headers["Retry-After"] = RETRY_AFTER_S
    return response


def _data_problem() -> dict[str, Any]:
    body = document("invalid-input", PROBLEMS["invalid-input"])
    body["detail"] = "A value cannot be stored: out of range, or a text with a NUL character."
    body["detail_zh"] = "有的值无法保存：超出范围，或文本含有空字符。"
    return body


def _http_problem(error: HTTPException) -> Response:
    status = error.code or 500
    name = _BY_STATUS.get(status, "internal" if status >= 500 else "bad-request")
    body = document(name, PROBLEMS[name])
    body["status"] = status
    data = getattr(error, "data", None) or {}
    messages = data.get("messages")
    if messages:
        body["errors"] = list(_pointers(messages.get("json", messages), ""))
    elif error.description and status < 500:
        body["detail"] = error.description
    response = _problem(body)
    for header, value in error.get_headers():
        if header.lower() in {"retry-after", "allow", "www-authenticate"}:
            response.headers[header] = value
    return response


def _pointers(messages: Any, pointer: str) -> Any:
    """Yield marshmallow's nested messages as JSON pointers."""
    if isinstance(messages, dict):
        for key, inner in messages.items():
            yield from _pointers(inner, f"{pointer}/{key}" if key != "_schema" else pointer)
    elif isinstance(messages, list):
        for message in messages:
            yield {"pointer": pointer, "detail": str(message), "detail_zh": in_chinese(str(message))}
    else:
        yield {"pointer": pointer, "detail": str(messages), "detail_zh": in_chinese(str(messages))}


def in_chinese(message: str) -> str:
    """Return what marshmallow says of a value, in Chinese; words that it does not know stay as they are."""
    for pattern, zh in _CHINESE:
        if found := pattern.fullmatch(message):
            return found.expand(zh)
    return message


def _problem(body: dict[str, Any]) -> Response:
    response = current_app.response_class(current_app.json.dumps(body), status=body["status"])
    response.content_type = "application/problem+json"
    return response


def tell_problems_in(api: Api) -> None:
    """Describe errors in the OpenAPI file as `application/problem+json`, which flask-smorest cannot say."""
    for operations in api.spec._paths.values():
        # Beside its operations a path may carry the parameters that they share.
        for operation in (found for word, found in operations.items() if word != "parameters"):
            for status, response in operation.get("responses", {}).items():
                _describe(str(status), response)


def _describe(status: str, response: Any) -> None:
    if isinstance(response, dict) and (status == "default" or status >= "400"):
        content = response.get("content", {})
        if "application/json" in content:
            content["application/problem+json"] = content.pop("application/json")
