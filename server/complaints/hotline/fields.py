"""The fields of a work order, and the titles that platforms write over them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from server.sheets.columns import Column, plain
from server.sheets.errors import ColumnsMissing, UnknownColumn

SATISFIED: Mapping[str, tuple[str, ...]] = {
    "satisfied": ("满意", "是", "非常满意"),
    "mostly": ("基本满意", "一般"),
    "dissatisfied": ("不满意", "否"),
    "unrated": ("未评价", "未联系上", "无法联系"),
}
SOLVED: Mapping[str, tuple[str, ...]] = {
    "solved": ("已解决", "是", "解决"),
    "partly": ("部分解决", "基本解决"),
    "unsolved": ("未解决", "否", "不解决"),
}
# In the order in which the platform's sheets carry them, and in which they go back.
FIELDS: tuple[Column, ...] = (
    Column("order_no", "工单编号", "Order number", "code", required=True, width=20, longest=64),
    Column("called_at", "来电时间", "Time of the call", "instant", required=True, width=17),
    Column("caller", "来电人", "Caller", longest=100, width=10),
    Column("phone", "联系电话", "Telephone", "code", longest=40),
    Column("kind", "诉求类型", "Kind", longest=100),
    Column("title", "诉求标题", "Title", longest=200, width=24),
    Column("content", "诉求内容", "Demand", required=True, width=48, longest=4000),
    Column("address", "诉求地址", "Address", longest=500, width=28),
    Column("handling_unit", "承办单位", "Handling unit", longest=200, width=18),
    Column("dispatched_at", "派单时间", "Dispatched", "instant", width=17),
    Column("due", "办理时限", "Limit", longest=60, width=17),
    Column("reply", "办理结果", "Result", width=48, longest=4000),
    Column("replied_at", "办结时间", "Answered", "instant", width=17),
    Column("contacted_on", "联系时间", "Day of contact", "day", width=12),
    Column("satisfied", "是否满意", "Satisfied", "choice", choices=SATISFIED, width=10),
    Column("solved", "是否解决", "Solved", "choice", choices=SOLVED, width=10),
    Column("return_reason", "退回原因", "Reason of return", longest=500, width=24),
)
NAMES = tuple(column.name for column in FIELDS)
_OTHER_TITLES: Mapping[str, tuple[str, ...]] = {
    "order_no": ("工单号", "编号", "受理编号", "工单流水号", "诉求编号", "任务编号", "热线编号"),
    "called_at": ("来电日期", "受理时间", "登记时间", "诉求时间", "创建时间", "呼入时间"),
    "caller": ("诉求人", "来电人姓名", "反映人", "联系人", "市民姓名", "姓名", "来话人"),
    "phone": ("来电号码", "电话", "联系方式", "手机号", "手机号码", "主叫号码", "诉求人电话"),
    "kind": ("诉求类别", "工单类型", "问题类型", "事项分类", "诉求分类"),
    "title": ("工单标题", "标题", "主题", "诉求主题"),
    "content": ("诉求", "工单内容", "内容", "反映内容", "问题描述", "诉求描述", "主要内容", "来电内容"),
    "address": ("地址", "事发地址", "事发地点", "问题地址", "详细地址", "诉求地点", "发生地址"),
    "handling_unit": ("主办单位", "责任单位", "承办部门", "办理单位", "处理单位"),
    "dispatched_at": ("派发时间", "交办时间", "转办时间", "下派时间", "派遣时间"),
    "due": ("办结时限", "截止时间", "办理期限", "处理时限", "到期时间", "要求办结时间", "回复时限", "时限"),
    "reply": ("答复内容", "回复内容", "办理情况", "处理结果", "答复意见", "办理意见"),
    "replied_at": ("回复时间", "答复时间", "办理完成时间"),
    "contacted_on": ("回访时间", "联系日期", "联系诉求人时间", "回访日期"),
    "satisfied": ("满意度", "满意情况", "是否满意度", "群众是否满意"),
    "solved": ("解决情况", "问题是否解决", "诉求是否解决"),
    "return_reason": ("退单原因", "退单理由", "退回理由", "退件原因"),
}


def field_of(title: str) -> Column | None:
    """Return the field that a title means by itself, whichever of the usual words it is written in."""
    told = plain(title.strip().rstrip("：:"))
    for column in FIELDS:
        words = (column.name, column.zh, column.en, *_OTHER_TITLES[column.name])
        if told in {plain(word) for word in words}:
            return column
    return None


def guessed(titles: Sequence[str]) -> dict[str, str]:
    """Return the field that each title probably becomes; a field goes once, to the first that means it."""
    found: dict[str, str] = {}
    for title in titles:
        column = field_of(title)
        if column is not None and column.name not in found.values():
            found[title] = column.name
    return found


def bound(titles: Sequence[str], mapping: Mapping[str, str] | None) -> dict[str, Column]:
    """Return which field each title becomes; without a mapping the titles speak for themselves.

    Raises:
        UnknownColumn: the mapping names a title or a field that does not exist, or a field twice.
        ColumnsMissing: a field that must be is told nowhere.
    """
    chosen = {title: name for title, name in (mapping or {}).items() if name} or guessed(titles)
    for title, name in chosen.items():
        if title not in titles:
            raise UnknownColumn(title, titles)
        if name not in NAMES or list(chosen.values()).count(name) > 1:
            raise UnknownColumn(name, NAMES)
    fields = {column.name: column for column in FIELDS}
    missing = [one.zh for one in FIELDS if one.required and one.name not in chosen.values()]
    if missing:
        raise ColumnsMissing(missing, titles)
    return {title: fields[name] for title, name in chosen.items()}
