"""A report as a Word paper in the layout of official documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from server.disk import replaced_whole
from server.papers import pages


def write(file: Path, told: Mapping[str, Any]) -> int:
    """Write what `service.report` returned into a new file; return how many figures it has.

    Raises:
        StorageFull: there is no room; nothing is left of the file.
    """
    paper, numbers = pages.blank(), iter("三四五六七八九十")
    pages.title(paper, f"{told['area']}整改工作{told['title_zh']}")
    pages.line(paper, _period(told), centred=True)
    pages.line(paper, "")
    pages.line(paper, _summary(told), indent=2)
    pages.line(paper, "一、本期情况", indent=2)
    pages.table(paper, ("指标", "本期", "上期", "增减"), [_compared(one) for one in told["happened"]])
    pages.line(paper, "二、期末结存", indent=2)
    pages.table(paper, ("指标", "本期末", "上期末", "增减"), [_compared(one) for one in told["stood"]])
    for one in told["beside"]:
        pages.line(paper, f"{next(numbers)}、{one['title_zh']}", indent=2)
        pages.table(paper, ("指标", "本期", "上期", "增减"), [_figure(line) for line in one["lines"]])
    for heading, name in (("按区域", "by_place"), ("按整治措施", "by_measure")):
        pages.line(paper, f"{next(numbers)}、{heading}", indent=2)
        rows = [_row(one) for one in told[name]]
        pages.table(paper, (heading[1:], "新增上报", "销号", "期末未结", "其中超时"), rows)
    with replaced_whole(file) as part:
        part.write_bytes(pages.as_bytes(paper))
    return len(told["happened"]) + len(told["stood"])


def _period(told: Mapping[str, Any]) -> str:
    first, until = told["first"], told["until"]
    days = f"{first}" if first == until else f"{first} 至 {until}"
    return f"（{days}{'' if told['finished'] else '，本期未结束'}）"


def _summary(told: Mapping[str, Any]) -> str:
    numbers = {one["name"]: one["cases"] for one in (*told["happened"], *told["stood"])}
    return (
        f"本期新增上报 {numbers['reported']} 件，立案 {numbers['filed']} 件，销号 {numbers['closed']} 件，"
        f"返工 {numbers['check_failed']} 件，反弹 {numbers['reopened']} 件；"
        f"期末未结 {numbers['open']} 件，其中超时 {numbers['red']} 件。"
    ) + "".join(_in_words(one) for one in told["beside"])


def _in_words(part: Mapping[str, Any]) -> str:
    told = "，".join(f"{one['title_zh']} {one['number']}" for one in part["lines"])
    return f"{part['title_zh']}：{told}。"


def _compared(one: Mapping[str, Any]) -> Sequence[str]:
    return _beside(one["title_zh"], one["cases"], one["before"]["cases"])


def _figure(one: Mapping[str, Any]) -> Sequence[str]:
    return _beside(one["title_zh"], one["number"], one["before"]["number"])


def _beside(title: str, now: int, then: int) -> Sequence[str]:
    return title, str(now), str(then), f"{now - then:+d}" if now != then else "持平"


def _row(one: Mapping[str, Any]) -> Sequence[str]:
    return one["name_zh"], *(str(one[name]["cases"]) for name in ("reported", "closed", "open", "red"))
