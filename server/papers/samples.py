"""Made-up contents of every kind of paper: what a template is tried with before it may serve."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

from PIL import Image

from server.papers.kinds import Field, PaperKind

_OWN = {
    "number": "泗河办改〔2026〕3号",
    "from_name": "泗河街道办事处",
    "to_name": "某物业服务有限公司",
    "copies": "泗水县城建指挥部",
    "issued_on": "2026年11月20日",
    "drafted_by": "张某",
    "reviewed_by": "李某",
    "countersigned_by": "王某",
    "issued_by": "赵某",
    "received_by": "孙某",
    "received_at": "2026年11月20日16时00分",
}
_CASE = {
    "position": "1",
    "number": "370831-2026-000123",
    "community": "泗水花园",
    "place": "3号楼北侧",
    "category": "车辆乱停",
    "description": "三辆车停在消防通道旁",
    "found_on": "2026年11月20日",
    "due": "2026年11月27日",
}


def sample(kind: PaperKind) -> dict[str, Any]:
    """Return a value for every field of a kind and for what every paper knows of itself."""
    return {"title": kind.title, **_OWN, **{field.name: _value(field) for field in kind.fields}}


@cache
def sample_photo() -> bytes:
    """Return a small grey JPEG."""
    written = io.BytesIO()
    Image.new("RGB", (64, 48), "grey").save(written, "JPEG")
    return written.getvalue()


def _value(field: Field) -> Any:
    if field.shape == "cases":
        return [_CASE]
    if field.shape == "photos":
        return ["0" * 64]
    return [field.sample, field.sample] if field.shape == "lines" else field.sample
