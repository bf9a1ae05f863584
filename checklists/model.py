"""What a checklist is: values that are made once from a document and never change."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

TYPES = frozenset(
    ("yn", "num", "date", "one", "many", "text", "pt", "ln", "pg", "photo", "ref", "sig", "group")
)
SEVERITIES = ("A", "B", "C")
EVIDENCE = frozenset(("photo", "document", "statement"))
OUTCOMES = frozenset(("violation", "task", "deduction", "refusal", "gate"))
INSTANCE_FIELDS = frozenset(("photos", "location", "joins", "note"))


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible value of a `one` or `many` item."""

    code: str
    label_zh: str
    label_en: str


@dataclass(frozen=True, slots=True)
class From:
    """A value that is read from another item of the same instance: `{"from": "category"}`."""

    item: str


@dataclass(frozen=True, slots=True)
class Operand:
    """A number of the grammar that an asset may override: the lift's own interval, else `default`."""

    fact: str
    default: float


@dataclass(frozen=True, slots=True)
class Condition:
    """One node of the grammar: all tests hold, all of `both`, and one of `either` where given.

    Tests speak of the item's own value unless `item` names another; `ratio_to` divides it first.
    """

    tests: tuple[tuple[str, Any], ...] = ()
    item: str | None = None
    ratio_to: str | None = None
    answered: bool | None = None
    seen_before_days: int | None = None
    both: tuple["Condition", ...] = ()
    either: tuple["Condition", ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows when a judgement's condition holds.

    `kind` is violation, task, deduction, refusal or gate; a violation has `category` and `severity`,
    a task or a gate its `code`, a deduction its `points`. `shape` names the item that draws the place.
    """

    kind: str
    category: str | From | None = None
    severity: str | From | None = None
    points: float | From | None = None
    code: str | None = None
    shape: str | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """A condition and its outcome; `for_each` makes one finding of every chosen value of a `many` item."""

    when: Condition
    outcome: Outcome
    for_each: bool = False


@dataclass(frozen=True)
class Item:
    """One question. `number` is None inside a group; `minimum` and `maximum` bound a `num`."""

    number: int | None
    code: str
    label_zh: str
    label_en: str
    type: str
    evidence: tuple[str, ...] = ()
    place: bool = False
    optional: bool = False
    masked: bool = False
    minimum: float | None = None
    maximum: float | None = None
    integer: bool = False
    count: int = 1
    show_when: Condition | None = None
    choices: tuple[Choice, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    items: tuple["Item", ...] = ()
    choice_codes: frozenset[str] = frozenset()
    fields: Mapping[str, "Item"] = field(default_factory=dict, compare=False, repr=False)

    @property
    def judges(self) -> bool:
        """Whether this item, or one inside it, can yield a finding."""
        return bool(self.judgements) or any(item.judges for item in self.items)


@dataclass(frozen=True)
class Template:
    """One version of a checklist. `version` is `sha256:` and the hash of its canonical document."""

    code: str
    title_zh: str
    title_en: str
    measures: tuple[int, ...]
    published_on: str
    items: tuple[Item, ...]
    version: str
    fields: Mapping[str, Item] = field(compare=False, repr=False)
    source: Mapping[str, Any] = field(compare=False, repr=False)

    @property
    def document(self) -> dict[str, Any]:
        """The document as published, a fresh copy, without its version: fit for jsonb."""
        return deepcopy(dict(self.source))

    def as_json(self) -> dict[str, Any]:
        """Return `{code, version, title_zh, title_en, measures, published_on, items}` for the API."""
        return {"code": self.code, "version": self.version, **self.document}
