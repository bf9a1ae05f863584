"""What stops the ledger in Excel."""

from __future__ import annotations

from server.problems import DomainError


class TooManyPictures(DomainError):
    """An export with thumbnails has more lines than Excel can show pictures for."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"With thumbnails an export has at most {most} lines. Narrow the filter, or leave them out.",
            f"带缩略图的导出最多 {most} 行，请缩小筛选范围或不带缩略图。",
            errors=[
                {"pointer": "/thumbnails", "detail": "too many lines", "detail_zh": "行数过多"},
            ],
        )


class NotMade(DomainError):
    """The workers could not make a file."""

    retry_after_s = 60

    def __init__(self) -> None:
        super().__init__(
            "The file could not be made. Ask again in a minute, and tell an administrator if that fails.",
            "文件生成失败，请一分钟后重试；仍失败请联系管理员。",
        )


class MappingFaulty(DomainError):
    """How a foreign ledger is to be read does not make sense."""

    def __init__(self, wanted: str) -> None:
        detail, zh = f"The mapping must be {wanted}.", f"映射应为：{wanted}。"
        super().__init__(detail, zh, errors=[{"pointer": "/mapping", "detail": detail, "detail_zh": zh}])


class UnknownMapping(DomainError):
    """No mapping is saved under this name."""

    def __init__(self, name: str, known: list[str]) -> None:
        listed = ", ".join(known) or "-"
        super().__init__(
            f"No mapping is saved as {name!r}. Saved are: {listed}.",
            f"没有名为“{name}”的映射。已保存：{listed}。",
        )
