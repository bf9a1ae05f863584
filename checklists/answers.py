"""Reading what a tablet answered: what can be read is kept, what cannot is a fault, what is odd a warning."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checklists.conditions import FormScope, holds
from checklists.errors import Fault
from checklists.extras import NOTHING, Extras, read_extras
from checklists.model import INSTANCE_FIELDS, Item, Template
from checklists.notes import Notes, Remark
from checklists.places import Malformed
from checklists.storable import check_storable, step
from checklists.values import read_value

MOST_INSTANCES = 500
LONGEST_REASON = 200
ANSWER_FIELDS = frozenset(("value", "na", "not_inspected", "instances"))
KNOWN_FIELDS = ANSWER_FIELDS | INSTANCE_FIELDS


@dataclass(frozen=True, slots=True)
class Instance:
    """One repetition of a group."""

    index: int
    answers: Mapping[str, "Answer"]
    extras: Extras


@dataclass(frozen=True, slots=True)
class Answer:
    """A checked answer; `state` is `value`, `na` or `not_inspected` (with `reason`).

    A group has `instances` and no value of its own.
    """

    state: str
    value: Any = None
    reason: str | None = None
    extras: Extras = NOTHING
    instances: tuple[Instance, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """Checked answers by item code. With faults the whole is to be refused, with warnings it is taken."""

    answers: Mapping[str, Answer]
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Remark, ...] = ()
    base: str = "/answers"

    def tally(self) -> dict[str, int]:
        """Return how many items were inspected, not applicable and not inspected; blanks count nowhere."""
        states = [answer.state for answer in self.answers.values()]
        return {name: states.count(state) for name, state in TALLY.items()}


TALLY = {"inspected": "value", "na": "na", "not_inspected": "not_inspected"}


def read_answers(template: Template, answers: object, *, base: str = "/answers") -> Reading:
    """Check a tablet's answers against a template; never raises, whatever comes.

    Args:
        answers: the `answers` object of an inspection as it came out of JSON.
        base: JSON pointer of that object, put before every fault and warning.
    """
    notes = Notes()
    if not isinstance(answers, dict):
        notes.fault(base, "The answers must be an object by item code.", "作答应为以检查项代码为键的对象。")
        return Reading({}, tuple(notes.faults), (), base)
    if not check_storable(answers, base, notes.fault):
        return Reading({}, tuple(notes.faults), (), base)
    read = _read_items(template.fields, answers, base, notes, frozenset())
    _remark_skipped(template.fields, read, base, notes)
    return Reading(read, tuple(notes.faults), tuple(notes.warnings), base)


def _read_items(
    items: Mapping[str, Item], given: Mapping[str, Any], here: str, notes: Notes, besides: frozenset[str]
) -> dict[str, Answer]:
    read: dict[str, Answer] = {}
    for code, raw in given.items():
        item = items.get(code)
        if item is not None:
            answer = _read_answer(item, raw, f"{here}/{code}", notes)
            if answer is not None:
                read[code] = answer
        elif code not in besides:
            notes.unknown(step(here, code))
    return read


def _read_answer(item: Item, raw: Any, here: str, notes: Notes) -> Answer | None:
    if raw is None:
        notes.blank(here)
        return None
    if not isinstance(raw, dict):
        notes.fault(
            here,
            "An answer is an object with value, na or not_inspected.",
            "作答应为含 value、na 或 not_inspected 的对象。",
        )
        return None
    extras = read_extras(raw, here, notes)
    for name in raw:
        if name not in KNOWN_FIELDS:
            notes.unknown(step(here, name))
    states = [
        name
        for name in ANSWER_FIELDS
        if raw.get(name) is not None and not (name == "na" and raw[name] is False)
    ]
    if len(states) > 1:
        notes.fault(
            here,
            "Give one of value, na and not_inspected, not several.",
            "value、na、not_inspected 只能有其一。",
        )
        return None
    if not states:
        return _read_stateless(item, raw, here, notes, extras)
    return STATES[states[0]](item, raw[states[0]], f"{here}/{states[0]}", notes, extras)


def _read_stateless(
    item: Item, raw: Mapping[str, Any], here: str, notes: Notes, extras: Extras
) -> Answer | None:
    if item.type == "photo" and extras.photos:
        return Answer("value", list(extras.photos), extras=extras)
    if raw and ANSWER_FIELDS.isdisjoint(raw) and INSTANCE_FIELDS.isdisjoint(raw):
        notes.fault(
            here, "An answer has value, na or not_inspected.", "作答须含 value、na 或 not_inspected。"
        )
    else:
        notes.blank(here)
    return None


def _read_given(item: Item, raw: Any, here: str, notes: Notes, extras: Extras) -> Answer | None:
    if item.type == "group":
        notes.fault(here, "A group is answered by instances.", "重复组应以 instances 作答。")
        return None
    try:
        value = read_value(item, raw)
    except Malformed as malformed:
        notes.fault(here, malformed.detail, malformed.detail_zh)
        return None
    if item.type == "sig" and len(value) < item.count:
        notes.odd(here, f"{item.count} signatures are asked for.", f"应有 {item.count} 方签字。")
    return Answer("value", value, extras=extras)


def _read_na(_item: Item, raw: Any, here: str, notes: Notes, extras: Extras) -> Answer | None:
    if raw is not True:
        notes.fault(here, "na must be true.", "na 应为 true。")
        return None
    return Answer("na", extras=extras)


def _read_not_inspected(_item: Item, raw: Any, here: str, notes: Notes, extras: Extras) -> Answer | None:
    if not isinstance(raw, str) or not 0 < len(raw.strip()) <= LONGEST_REASON:
        notes.fault(here, "Say in a few words why it was not inspected.", "请简要说明未检查的原因。")
        return None
    return Answer("not_inspected", reason=raw, extras=extras)


def _read_instances(item: Item, raw: Any, here: str, notes: Notes, extras: Extras) -> Answer | None:
    if item.type != "group":
        notes.fault(
            here,
            f"{item.code} does not repeat: give a value.",
            f"“{item.label_zh}”不是重复组，请给出 value。",
        )
        return None
    if not isinstance(raw, list) or len(raw) > MOST_INSTANCES:
        notes.fault(
            here,
            f"Instances are a list of at most {MOST_INSTANCES}.",
            f"instances 应为不超过 {MOST_INSTANCES} 个的列表。",
        )
        return None
    found = [_read_instance(item, index, part, f"{here}/{index}", notes) for index, part in enumerate(raw)]
    return Answer(
        "value", extras=extras, instances=tuple(instance for instance in found if instance is not None)
    )


STATES = {
    "value": _read_given,
    "na": _read_na,
    "not_inspected": _read_not_inspected,
    "instances": _read_instances,
}


def _read_instance(item: Item, index: int, raw: Any, here: str, notes: Notes) -> Instance | None:
    if not isinstance(raw, dict):
        notes.fault(here, "An instance is an object by item code.", "实例应为以检查项代码为键的对象。")
        return None
    read = _read_items(item.fields, raw, here, notes, INSTANCE_FIELDS)
    for code, part in item.fields.items():
        if code not in raw and not part.optional and not _is_skipped(part, read):
            notes.blank(f"{here}/{code}")
    _remark_skipped(item.fields, read, here, notes)
    return Instance(index, read, read_extras(raw, here, notes))


def _is_skipped(item: Item, read: Mapping[str, Answer]) -> bool:
    return item.show_when is not None and not holds(item.show_when, None, FormScope(read))


def _remark_skipped(items: Mapping[str, Item], read: Mapping[str, Answer], here: str, notes: Notes) -> None:
    for code, answer in read.items():
        rule = items[code].show_when
        known = rule is not None and (rule.item is None or rule.item in read)
        if known and answer.state == "value" and _is_skipped(items[code], read):
            notes.warn(
                "skipped-item", f"{here}/{code}", "Other answers skip this item.", "按其他作答此项应跳过。"
            )
