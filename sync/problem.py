"""The problem document that stands in an item's result; the shape is RFC 9457's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

TITLES = {
    "unreadable-item": ("Item cannot be read", "条目无法读取"),
    "dependency-missing": ("Waits for another item", "等待所依赖的条目"),
    "dependency-failed": ("An item it depends on was refused", "所依赖的条目未被接受"),
    "office-resolved": ("The office decided a conflict", "办公室已处理冲突"),
    "unknown-type": ("Unknown type of item", "未知的条目类型"),
    "device-revoked": ("Device revoked", "设备已停用"),
    "device-unknown": ("Device never enrolled here", "设备未注册"),
    "device-foreign": ("Device of another person", "设备属于他人"),
    "file-damaged": ("Came in a damaged file", "来自损坏的文件"),
    "gap-unreadable": ("Gap cannot be read", "缺口声明无法读取"),
    "office-rejected": ("Refused by the office", "办公室不予受理"),
    "used-twice": ("A mid or seq was used twice for different things", "同一编号或序号用于不同内容"),
    "item-fault": ("The server failed on this item", "服务器处理该条目时出错"),
}


def problem(
    slug: str, detail: str, detail_zh: str, errors: Sequence[dict[str, str]] = (), **members: Any
) -> dict[str, Any]:
    """Return `{type, title, title_zh, detail, detail_zh, errors?, …}` for one of `TITLES`."""
    title, title_zh = TITLES[slug]
    document: dict[str, Any] = {
        "type": f"/problems/{slug}",
        "title": title,
        "title_zh": title_zh,
        "detail": detail,
        "detail_zh": detail_zh,
    }
    if errors:
        document["errors"] = list(errors)
    return document | members


def at(pointer: str, detail: str, detail_zh: str) -> dict[str, str]:
    """Return one fault with its place: a JSON pointer into the item or the envelope."""
    return {"pointer": pointer, "detail": detail, "detail_zh": detail_zh}
