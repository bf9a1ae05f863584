"""The prefixes of document numbers that the county's bodies begin with."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from server.auth import audit
from server.auth.actor import Actor
from server.auth.errors import UnknownUnit
from server.papers import queries
from server.papers.errors import TemplateUnusable
from server.papers.kinds import KINDS
from server.problems import InvalidInput

_DATA = Path(__file__).parent / "data" / "prefixes.json"


def load_prefixes(session: Session) -> int:
    """Store the prefixes of the units that exist; what stands already stays. Return how many are known."""
    told: dict[str, Any] = json.loads(_DATA.read_text(encoding="utf-8"))
    rows = [
        {"body": body, "kind": kind, "prefix": before + after}
        for body, before in told["bodies"].items()
        for kind, after in told["kinds"].items()
    ]
    queries.add_prefixes(session, rows)
    return len(rows)


def set_prefix(
    session: Session, *, body: str, kind: str, prefix: str, actor: Actor | None, now: datetime
) -> None:
    """Give the numbers of a body's papers of a kind another prefix, from the next number on.

    Raises:
        UnknownUnit, TemplateUnusable: there is no such body or kind.
        InvalidInput: the prefix is empty, too long, has blanks or brackets, or is another body's.
    """
    if queries.unit(session, body) is None:
        raise UnknownUnit(body)
    if kind not in KINDS:
        raise TemplateUnusable(f"There is no kind {kind} of paper.", f"没有 {kind} 这种公文。")
    usable = 1 <= len(prefix) <= 30 and not any(sign.isspace() or sign in "〔〕\0" for sign in prefix)
    if not usable or queries.prefix_of_another(session, body, prefix):
        detail = "A prefix has 1 to 30 characters, no blanks or brackets, and belongs to one body."
        zh = "文号前缀须为 1 至 30 个字符，不含空格和括号，且只属于一个单位。"
        raise InvalidInput(detail, zh, errors=[{"pointer": "/prefix", "detail": detail, "detail_zh": zh}])
    queries.put_prefix(session, body, kind, prefix)
    audit.write(session, actor, "paper.prefix", "unit", body, {"kind": kind, "prefix": prefix}, now)
