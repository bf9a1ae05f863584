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
