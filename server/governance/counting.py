"""Counting ballots, and the words in which the notice of the result tells it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from server.governance.rules import Count, Rule, Share, Verdict, Weight, verdict

_WAYS = (("approving", "同意"), ("against", "反对"), ("abstaining", "弃权"), ("invalid", "无效票"))
_OUTCOMES = {
    "passed": "通过",
    "rejected": "未通过",
    "no_quorum": "参与表决的业主未达到法定比例，表决不成立",
}
_SOURCES = {
    "civil_code_2021": "《中华人民共和国民法典》第二百七十八条",
    "property_law_2007": "《中华人民共和国物权法》第七十六条",
    "opinion_poll": "征求意见（尚未成立业主大会）",
}


def count_of(figures: Mapping[str, Mapping[str, Any]]) -> Count:
    """Return the count that the database's figures tell."""
    weights = {
        name: Weight(int(told["heads"]), Decimal(str(told["area_m2"]))) for name, told in figures.items()
    }
    return Count(**weights)


def result_of(rule: Rule, figures: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return what is stored as the result: the figures, the outcome, and which shares were reached."""
    found: Verdict = verdict(rule, count_of(figures))
    return {"figures": dict(figures), **asdict(found)}


def notice(
    rule: Rule, result: Mapping[str, Any], *, community: str, subject: str, period: str
) -> dict[str, Any]:
    """Return the fields of the notice of the result."""
    count = count_of(result["figures"])
    needs = f"同意须{_share(rule.approval)}" + ("（按人数和面积）" if rule.by_area else "（按人数）")
    quorum = "" if rule.quorum is None else f"参与表决须{_share(rule.quorum)}；"
    return {
        "community": community,
        "subject": subject,
        "period": period,
        "register": _weight(count.everybody, rule),
        "taking_part": _weight(count.taking_part, rule),
        "counts": [f"{zh}：{_weight(getattr(count, name), rule)}" for name, zh in _WAYS],
        "basis": f"{_SOURCES.get(rule.rule_set, rule.rule_set)}：{quorum}{needs}",
        "outcome": _OUTCOMES[result["outcome"]],
        "objections": "公示期内可向社区居民委员会书面提出异议。",
        "to_name": f"{community}全体业主",
    }


def _weight(weight: Weight, rule: Rule) -> str:
    return f"{weight.heads} 人，{weight.area_m2} 平方米" if rule.by_area else f"{weight.heads} 人"


def _share(share: Share) -> str:
    if (share.numerator, share.denominator, share.strict) == (1, 2, True):
        return "过半数"
    return f"达 {share.numerator}/{share.denominator}{'以上（不含本数）' if share.strict else '以上'}"
