"""What can be wrong with a question, or a write, at `/ogc`."""

from __future__ import annotations

from server.problems import DomainError, NotFound


class BadQuery(DomainError):
    """A parameter that is unknown, or whose value cannot be read."""

    def __init__(self, parameter: str, detail: str, detail_zh: str) -> None:
        shown = parameter[:80]
        super().__init__(
            f"{shown}: {detail}",
            f"{shown}：{detail_zh}",
            errors=[{"pointer": f"/query/{shown}", "detail": detail, "detail_zh": detail_zh}],
        )


class NoSuchFeature(NotFound):
    """No feature of the collection within the caller's reach has this id."""

    def __init__(self) -> None:
        super().__init__(
            "There is no such feature within your reach.", "该图层中没有此要素，或不在您的权限范围内。"
        )


class PreconditionRequired(DomainError):
    """A write that does not say which state of the feature it means to change."""

    def __init__(self) -> None:
        super().__init__(
            "Send If-Match with the ETag of the feature as you read it: nobody's work shall be overwritten.",
            "请在 If-Match 中附上读取该要素时得到的 ETag，以免覆盖他人的修改。",
        )
