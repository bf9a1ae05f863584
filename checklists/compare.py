"""What a new version of a checklist changes, item by item."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from checklists.model import Template

HEAD = ("code", "title_zh", "title_en", "measures", "published_on")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: `what` was done to the part at `pointer`; `old` and `new` as in the documents."""

    what: Literal["added", "removed", "changed"]
    pointer: str
    old: Any = None
    new: Any = None

    def __str__(self) -> str:
        if self.what == "changed":
            return f"changed {self.pointer}: {self.old!r} -> {self.new!r}"
        return f"{self.what} {self.pointer}"


def compare(old: Template, new: Template) -> list[Change]:
    """Return the differences from one version to another, in the order of the new one's items.

    Items are matched by code, because a code is the key of stored answers; an item that keeps its
    code but changes type or judgement makes old and new answers hard to count together.
    """
    before, after = old.document, new.document
    head = [change for name in HEAD for change in _values(f"/{name}", before.get(name), after.get(name))]
    return [*head, *_items("", before.get("items", []), after.get("items", []))]


def _items(within: str, old: list[dict[str, Any]], new: list[dict[str, Any]]) -> Iterator[Change]:
    before = {item["code"]: item for item in old}
    after = {item["code"]: item for item in new}
    for code, item in after.items():
        pointer = f"{within}/{code}"
        if code in before:
            yield from _item(pointer, before[code], item)
        else:
            yield Change("added", pointer, new=item)
    for code in before.keys() - after.keys():
        yield Change("removed", f"{within}/{code}", old=before[code])


def _item(pointer: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for name in sorted((old.keys() | new.keys()) - {"items"}):
        yield from _values(f"{pointer}/{name}", old.get(name), new.get(name))
    yield from _items(pointer, old.get("items", []), new.get("items", []))


def _values(pointer: str, old: Any, new: Any) -> Iterator[Change]:
    if old != new:
        yield Change("changed", pointer, old, new)
