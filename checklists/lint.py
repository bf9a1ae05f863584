"""The schema check of a checklist document: every fault by file, item and words; it never raises."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from checklists.categories import Pairs, packaged_pairs
from checklists.errors import Fault
from checklists.lint_conditions import check_condition
from checklists.model import INSTANCE_FIELDS
from checklists.schema import CHOICE, ITEM, JUDGEMENT, NEEDS, TEMPLATE, Key

SOURCES = {
    "category/from": ("one",),
    "severity/from": ("one",),
    "points/from": ("num",),
    "shape": ("pt", "ln", "pg"),
}


def lint(document: object, *, file: str = "", pairs: Pairs | None = None) -> list[Fault]:
    """Return every fault of a checklist document, none when it is in order.

    Args:
        document: what stands in the JSON file.
        file: its name, repeated in every fault.
        pairs: the categories and their severities; those of the package when left out.
    """
    check = _Check(file, packaged_pairs() if pairs is None else pairs)
    if check.keys("", document, TEMPLATE) and isinstance(document, Mapping):
        check.items("/items", document["items"], inside=False)
        check.references("/items", document["items"], {})
    return check.faults


@dataclass
class _Check:
    file: str
    pairs: Pairs
    faults: list[Fault] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)
    numbers: set[int] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)

    def blame(self, pointer: str, detail: str, detail_zh: str) -> None:
        self.faults.append(Fault(pointer, detail, detail_zh, self.file))

    def keys(self, pointer: str, node: object, schema: Mapping[str, Key]) -> bool:
        before = len(self.faults)
        if not isinstance(node, Mapping):
            self.blame(pointer, "This must be an object.", "此处应为对象。")
            return False
        for name in node:
            if name not in schema:
                self.blame(f"{pointer}/{name}", f"Unknown key {name!r}.", f"未知的键“{name}”。")
        for name, key in schema.items():
            if name not in node:
                if key.must:
                    self.blame(f"{pointer}/{name}", f"Missing: {key.wants}.", f"缺少：{key.wants_zh}。")
            elif not key.fits(node[name]):
                self.blame(f"{pointer}/{name}", f"This must be {key.wants}.", f"此处应为{key.wants_zh}。")
        return len(self.faults) == before

    def items(self, pointer: str, items: list[Any], *, inside: bool) -> None:
        for index, item in enumerate(items):
            here = f"{pointer}/{index}"
            if not self.keys(here, item, ITEM):
                self.broken.add(here)
                continue
            self.identity(here, item, inside=inside)
            self.choices(here, item)
            self.group(here, item, inside=inside)

    def identity(self, here: str, item: Mapping[str, Any], *, inside: bool) -> None:
        code, number = item["code"], item.get("number")
        if code in self.codes:
            self.blame(f"{here}/code", f"The code {code!r} is used twice.", f"代码“{code}”重复。")
        if inside and code in INSTANCE_FIELDS:
            self.blame(
                f"{here}/code", f"{code!r} is a field of every instance.", f"“{code}”是每个实例的固有字段。"
            )
        if inside == (number is not None):
            self.blame(
                f"{here}/number",
                "Items have a number, those in a group none.",
                "检查项须编号，组内项不编号。",
            )
        if number in self.numbers:
            self.blame(f"{here}/number", f"The number {number} is used twice.", f"编号 {number} 重复。")
        self.codes.add(code)
        self.numbers.update(() if number is None else (number,))

    def choices(self, here: str, item: Mapping[str, Any]) -> None:
        if ("choices" in item) != (item["type"] in ("one", "many")):
            self.blame(
                f"{here}/choices",
                "One and many have choices, others none.",
                "one 和 many 须有选项，其他类型没有。",
            )
        seen: set[str] = set()
        for index, choice in enumerate(item.get("choices", ())):
            if not self.keys(f"{here}/choices/{index}", choice, CHOICE):
                self.broken.add(here)
            elif choice["code"] in seen:
                self.blame(f"{here}/choices/{index}/code", "This choice is listed twice.", "选项重复。")
            else:
                seen.add(choice["code"])

    def group(self, here: str, item: Mapping[str, Any], *, inside: bool) -> None:
        if ("items" in item) != (item["type"] == "group"):
            self.blame(f"{here}/items", "A group has items, others none.", "组须有子项，其他类型没有。")
        elif item["type"] == "group" and inside:
            self.blame(f"{here}/type", "A group cannot stand in a group.", "组内不能再有组。")
            self.broken.add(here)
        elif item["type"] == "group":
            self.items(f"{here}/items", item["items"], inside=True)

    def sound(self, pointer: str, items: list[Any]) -> Iterator[tuple[str, Any]]:
        return (
            (f"{pointer}/{i}", item) for i, item in enumerate(items) if f"{pointer}/{i}" not in self.broken
        )

    def references(self, pointer: str, items: list[Any], outer: Mapping[str, Any]) -> None:
        sound = dict(self.sound(pointer, items))
        near = {**outer, **{item["code"]: item for item in sound.values()}}
        for here, item in sound.items():
            parts = item.get("items", []) if item["type"] == "group" else []
            inner = {part["code"]: part for _, part in self.sound(f"{here}/items", parts)}
            if "show_when" in item:
                check_condition(f"{here}/show_when", item["show_when"], None, near, self.blame, skips=True)
            for index, judgement in enumerate(item.get("judgements", ())):
                self.judgement(f"{here}/judgements/{index}", judgement, item, {**near, **inner})
            self.references(f"{here}/items", parts, near)

    def judgement(self, here: str, node: Any, item: Mapping[str, Any], near: Mapping[str, Any]) -> None:
        if not self.keys(here, node, JUDGEMENT):
            return
        check_condition(f"{here}/when", node["when"], item, near, self.blame)
        outcome = node.get("outcome", "violation")
        for name in NEEDS[outcome]:
            if name not in node:
                self.blame(f"{here}/{name}", f"A {outcome} needs its {name}.", f"{outcome} 须有 {name}。")
        named = {
            f"{name}/from": node[name]["from"]
            for name in node
            if isinstance(node[name], Mapping) and name != "when"
        }
        if node.get("for_each") and item["type"] != "many":
            self.blame(
                f"{here}/for_each",
                "Only the choices of many can be taken one by one.",
                "for_each 只用于 many。",
            )
        for name, code in (named | ({"shape": node["shape"]} if "shape" in node else {})).items():
            if code not in near:
                self.blame(f"{here}/{name}", f"There is no item {code!r} here.", f"此处没有检查项“{code}”。")
            elif near[code]["type"] not in SOURCES[name]:
                wanted = ", ".join(SOURCES[name])
                self.blame(
                    f"{here}/{name}", f"{code} must be of type {wanted}.", f"“{code}”的类型应为 {wanted}。"
                )
        if outcome == "violation" and "category" in node and "severity" in node:
            self.table(here, node, near)

    def table(self, here: str, node: Mapping[str, Any], near: Mapping[str, Any]) -> None:
        severities = _values(node["severity"], near)
        for category in _values(node["category"], near):
            if category not in self.pairs:
                self.blame(
                    f"{here}/category",
                    f"No category {category!r} in the table.",
                    f"类别表中没有“{category}”。",
                )
            elif self.pairs[category].isdisjoint(severities):
                wanted = "/".join(severities)
                self.blame(
                    f"{here}/severity", f"{category} has no {wanted}.", f"类别“{category}”没有等级 {wanted}。"
                )


def _values(source: Any, near: Mapping[str, Any]) -> list[str]:
    if not isinstance(source, Mapping):
        return [source]
    return [choice["code"] for choice in near.get(source["from"], {}).get("choices", ())]
