"""What is found while answers are read: faults refuse them, warnings travel with them."""

from dataclasses import dataclass, field

from checklists.errors import Fault

MOST = 100


@dataclass(frozen=True, slots=True)
class Remark:
    """A warning: the work is taken, this part of it is odd. `type` is stable, the texts are for people."""

    type: str
    pointer: str
    detail: str
    detail_zh: str

    def as_dict(self) -> dict[str, str]:
        """Return `{type, pointer, detail, detail_zh}`."""
        return {
            "type": self.type,
            "pointer": self.pointer,
            "detail": self.detail,
            "detail_zh": self.detail_zh,
        }


@dataclass(slots=True)
class Notes:
    """Faults and warnings as they are found; the hundred first of each are enough for anybody."""

    faults: list[Fault] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)

    def fault(self, pointer: str, detail: str, detail_zh: str) -> None:
        """Add a fault; beyond the hundredth it is dropped."""
        if len(self.faults) < MOST:
            self.faults.append(Fault(pointer, detail, detail_zh))

    def warn(self, kind: str, pointer: str, detail: str, detail_zh: str) -> None:
        """Add a warning of a stable type."""
        if len(self.warnings) < MOST:
            self.warnings.append(Remark(kind, pointer, detail, detail_zh))

    def unknown(self, pointer: str) -> None:
        """Warn of a field that nobody asked for."""
        self.warn("unknown-field", pointer, "This field is unknown and was not read.", "未知字段，未读取。")

    def blank(self, pointer: str) -> None:
        """Warn of an item left blank."""
        self.warn("blank-item", pointer, "This item was left blank.", "此项未填写。")

    def odd(self, pointer: str, detail: str, detail_zh: str) -> None:
        """Warn of an optional field that was not understood and left out."""
        self.warn("odd-value", pointer, detail, detail_zh)
