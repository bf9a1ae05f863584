"""The types of questions of an XLSForm: what each becomes in a checklist, and why others are not taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SIMPLE = {
    "integer": "num",
    "int": "num",
    "decimal": "num",
    "range": "num",
    "date": "date",
    "text": "text",
    "string": "text",
    "image": "photo",
    "photo": "photo",
    "geopoint": "pt",
    "gps": "pt",
    "location": "pt",
    "geotrace": "ln",
    "geoshape": "pg",
}
WHOLE = frozenset(("integer", "int"))
FRAMES = {
    f"{word}{gap}{what}": (word, what)
    for word in ("begin", "end")
    for gap in ("_", " ")
    for what in ("group", "repeat")
}
CHOOSES = {
    "select_one": "one",
    "select one": "one",
    "select one from": "one",
    "select1": "one",
    "select_multiple": "many",
    "select multiple": "many",
    "select all that apply": "many",
    "select all that apply from": "many",
}
# What the tablet writes down by itself with every inspection.
KEPT_ANYWAY = frozenset(
    ("start", "end", "today", "deviceid", "device id", "username", "audit", "start-geopoint")
)
PERSONAL = frozenset(
    ("phonenumber", "phone number", "email", "simserial", "sim id", "subscriberid", "subscriber id")
)
NOT_TAKEN: Mapping[str, tuple[str, str]] = {
    "note": ("Write it into the label of a question.", "请写入题目的文字。"),
    "calculate": (
        "Checklists reckon nothing: ask, or remove the row.",
        "检查表不计算，请改为提问或删除该行。",
    ),
    "hidden": ("Remove the row.", "请删除该行。"),
    "acknowledge": ("Ask with select_one and the choices yes, no.", "请改用 select_one 及选项 yes、no。"),
    "trigger": ("Ask with select_one and the choices yes, no.", "请改用 select_one 及选项 yes、no。"),
    "time": ("Ask by text.", "请改用 text。"),
    "datetime": ("Ask for the date and, as text, the time.", "请改问 date，时间用 text。"),
    "rank": ("Ask with select_multiple.", "请改用 select_multiple。"),
    "audio": ("Ask by image or text.", "请改用 image 或 text。"),
    "video": ("Ask by image.", "请改用 image。"),
    "file": ("Ask by image.", "请改用 image。"),
    "barcode": ("Ask by text.", "请改用 text。"),
}
ANY_OTHER = ("Use a type that checklists know, or remove the row.", "请改用检查表支持的类型或删除该行。")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a `type` cell says: the checklist's type, or a frame, or why it is not taken.

    Attributes:
        type: the checklist's type; `begin` and `end` for frames; empty for what is not taken.
        of: the list of choices, or `group` or `repeat` of a frame.
        stops: whether the checklist cannot be taken in without it.
    """

    type: str
    of: str = ""
    stops: bool = True
    why: tuple[str, str] = ("", "")


def kind_of(text: str) -> Kind:
    """Return what a `type` cell says, whatever stands there."""
    plain = " ".join(text.split())
    lower = plain.lower()
    if lower in FRAMES:
        return Kind(*FRAMES[lower])
    if lower in SIMPLE:
        return Kind(SIMPLE[lower])
    if lower in KEPT_ANYWAY:
        return Kind("", stops=False, why=("The tablet notes this by itself.", "平板会自动记录。"))
    if lower in PERSONAL:
        return Kind("", stops=False, why=("The account says who inspected.", "巡查人由账号确定。"))
    first, _, of = plain.rpartition(" ")
    if lower.endswith((" or_other", " or specify other")):
        return Kind("", why=("Give the list a choice `other` of its own.", "请在选项表中自设“other”选项。"))
    if first.lower() in CHOOSES:
        return Kind(CHOOSES[first.lower()], of)
    more, more_zh = NOT_TAKEN.get(lower, ANY_OTHER)
    told = (f"The type {plain!r} is not taken. {more}", f"不支持类型“{plain}”。{more_zh}")
    return Kind("", stops=lower != "note", why=told)
