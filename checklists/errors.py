"""Every way in which a checklist, an answer, a limit or a route can be wrong; none knows of HTTP."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that makes a document unreadable: where (JSON pointer) and how to mend it, in two languages.

    `file` names the data file when a template or a table is checked; it is empty for answers.
    """

    pointer: str
    detail: str
    detail_zh: str
    file: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return the fault as one entry of a problem's `errors`."""
        return {"pointer": self.pointer, "detail": self.detail, "detail_zh": self.detail_zh}

    def __str__(self) -> str:
        return f"{self.file}#{self.pointer}: {self.detail}"


class ChecklistError(Exception):
    """Base of all errors of this package: `detail`, `detail_zh`, `errors` (pointers), `extra` (values)."""

    def __init__(self, detail: str, detail_zh: str, faults: Iterable[Fault] = (), **extra: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.detail_zh = detail_zh
        self.errors: list[dict[str, str]] = [fault.as_dict() for fault in faults]
        self.extra: dict[str, Any] = extra


class TemplateFaulty(ChecklistError):
    """A checklist document does not keep the schema; `errors` lists every fault."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(
            f"The checklist is faulty: {faults[0]}", f"检查表有误：{faults[0].detail_zh}", faults
        )


class CategoriesFaulty(ChecklistError):
    """The table of categories cannot be read."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(
            f"The category table is faulty: {faults[0]}", f"类别表有误：{faults[0].detail_zh}", faults
        )


class UnknownTemplate(ChecklistError):
    """No current checklist has this code."""

    def __init__(self, code: str) -> None:
        super().__init__(f"There is no checklist {code!r}.", f"没有检查表“{code}”。", code=code)


class UnknownVersion(ChecklistError):
    """No stored checklist has this version hash."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"There is no checklist version {version!r}.", f"没有检查表版本“{version}”。", version=version
        )


class UnknownCategory(ChecklistError):
    """The category, or this severity of it, is not in the table."""

    def __init__(self, category: str, severity: str | None = None) -> None:
        pair = category if severity is None else f"{category}/{severity}"
        super().__init__(
            f"The category table has no {pair}.",
            f"类别表中没有 {pair}。",
            category=category,
            severity=severity,
        )


class AnswersFaulty(ChecklistError):
    """The answers cannot be read, so nothing can be judged; `errors` lists the faults."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__("The answers cannot be read.", "作答无法读取。", faults)


class LimitImpossible(ChecklistError):
    """A limit is not positive, is absurdly long, or has an unknown unit."""

    def __init__(self, amount: object, unit: object) -> None:
        super().__init__(
            f"A limit of {amount} {unit} is impossible: use 1 to 10000 of uh, wh, wd or cd.",
            f"时限 {amount} {unit} 不可用：请用 1 至 10000 的 uh、wh、wd 或 cd。",
            amount=amount,
            unit=unit,
        )


class InstantWithoutZone(ChecklistError):
    """An instant came without a time zone."""

    def __init__(self) -> None:
        super().__init__("The time has no zone.", "时间缺少时区。")


class HoursMissing(ChecklistError):
    """A work calendar has no working hours, so nothing would ever be due."""

    def __init__(self) -> None:
        super().__init__("A working day needs working hours.", "工作日须有工作时段。")


class RouteOpen(ChecklistError):
    """The facts name no unit that could act first; a dispatcher must choose."""

    def __init__(self, category: str, actor: str, actor_zh: str) -> None:
        super().__init__(
            f"No {actor} is known here to act first on {category}.",
            f"此处没有可先行处置“{category}”的{actor_zh}。",
            category=category,
            actor=actor,
        )
