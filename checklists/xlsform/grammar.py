"""The expressions of an XLSForm that a checklist can hold, as a tree; every other one is refused by name."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 2_000
DEEPEST = 20
_TOKEN = re.compile(
    r"\s*(?:(?P<ref>\$\{\s*[^{}]*\})|(?P<text>'[^']*'|\"[^\"]*\")|(?P<number>-?\d+(?:\.\d+)?|-?\.\d+)"
    r"|(?P<op>!=|<=|>=|=|<|>)|(?P<word>[A-Za-z_][\w:.-]*)|(?P<own>\.)|(?P<mark>[(),])|(?P<other>\S))"
)
FLIPPED = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">": "<=", "<=": ">", ">=": "<"}


class NotTaken(Exception):
    """An expression, or a part of one, that no checklist can hold; told in English and Chinese."""

    def __init__(self, detail: str, detail_zh: str) -> None:
        super().__init__(detail)
        self.detail = detail
        self.detail_zh = detail_zh


@dataclass(frozen=True, slots=True)
class Comparison:
    """`${item} op value`; `item` is empty for the own value, `over` divides it by another item first."""

    item: str
    op: str
    value: float | str
    over: str = ""


@dataclass(frozen=True, slots=True)
class Selected:
    """`selected(${item}, 'value')`; `yes` is False when it must not be chosen."""

    item: str
    value: str
    yes: bool = True


@dataclass(frozen=True, slots=True)
class Together:
    """Parts of which all (`and`) or one (`or`) must hold."""

    word: str
    parts: tuple[Node, ...]


Node = Comparison | Selected | Together


def parse(text: str) -> Node:
    """Return the tree of an expression.

    Raises:
        NotTaken: it is no expression, or uses what a checklist does not know.
    """
    if len(text) > LONGEST:
        raise NotTaken("The expression is too long.", "表达式过长。")
    reader = _Reader(_tokens(text))
    node = reader.either(0)
    if reader.kind:
        raise _unread(reader.word)
    return node


def opposite(node: Node) -> Node:
    """Return what holds exactly when a node does not."""
    if isinstance(node, Comparison):
        return Comparison(node.item, OPPOSITE[node.op], node.value, node.over)
    if isinstance(node, Selected):
        return Selected(node.item, node.value, not node.yes)
    return Together("or" if node.word == "and" else "and", tuple(map(opposite, node.parts)))


def _tokens(text: str) -> list[tuple[str, str]]:
    # Word processors turn quotes into typographic ones, which no form tool reads.
    plain = text.translate(str.maketrans("‘’“”", "''\"\""))
    return [(str(found.lastgroup), found.group(str(found.lastgroup))) for found in _TOKEN.finditer(plain)]


def _unread(word: str) -> NotTaken:
    if not word:
        return NotTaken("The expression ends too early.", "表达式不完整。")
    return NotTaken(f"The expression cannot be read at {word!r}.", f"表达式在“{word}”处无法读取。")


class _Reader:
    """Walks the tokens once; each method reads what its name says and leaves the rest."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens, self._at = tokens, 0

    @property
    def kind(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    @property
    def word(self) -> str:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else ""

    def either(self, depth: int) -> Node:
        return self._together("or", depth)

    def _together(self, word: str, depth: int) -> Node:
        if depth > DEEPEST:
            raise NotTaken("The expression is nested too deeply.", "表达式嵌套过深。")
        parts: list[Node] = []
        while True:
            part = self._together("and", depth) if word == "or" else self._one(depth)
            parts.extend(part.parts if isinstance(part, Together) and part.word == word else (part,))
            if (self.kind, self.word) != ("word", word):
                return parts[0] if len(parts) == 1 else Together(word, tuple(parts))
            self._at += 1

    def _one(self, depth: int) -> Node:
        if self.word == "(":
            return self._bracketed(depth)
        if self.kind == "word":
            return self._function(depth)
        return self._comparison()

    def _bracketed(self, depth: int) -> Node:
        self._take("(")
        node = self.either(depth + 1)
        self._take(")")
        return node

    def _function(self, depth: int) -> Node:
        name = self._next()
        if name == "not" and self.word == "(":
            return opposite(self._bracketed(depth))
        if name != "selected":
            shown = f"{name}()" if self.word == "(" else name
            raise NotTaken(f"{shown} is not known to checklists.", f"检查表不支持 {shown}。")
        self._take("(")
        item = self._item()
        self._take(",")
        if self.kind not in ("text", "number"):
            raise _unread(self.word)
        value = self._next().strip("'\"")
        self._take(")")
        return Selected(item, value)

    def _comparison(self) -> Node:
        if self.kind in ("text", "number"):
            value, op = self._value(), FLIPPED[self._operator()]
            item, over = self._ratio()
            return Comparison(item, op, value, over)
        item, over = self._ratio()
        op = self._operator()
        return Comparison(item, op, self._value(), over)

    def _ratio(self) -> tuple[str, str]:
        item = self._item()
        if (self.kind, self.word) != ("word", "div"):
            return item, ""
        self._at += 1
        return item, self._item()

    def _item(self) -> str:
        if self.kind == "own":
            self._at += 1
            return ""
        if self.kind == "word":
            raise NotTaken(f"{self.word} is not known to checklists.", f"检查表不支持 {self.word}。")
        if self.kind != "ref":
            raise _unread(self.word)
        return self._next()[2:-1].strip()

    def _operator(self) -> str:
        if self.kind != "op":
            raise _unread(self.word)
        return self._next()

    def _value(self) -> float | str:
        if self.kind == "text":
            return self._next()[1:-1]
        if self.kind == "ref":
            raise NotTaken("Two answers cannot be compared.", "不能比较两个作答。")
        if self.kind == "word":
            raise NotTaken(f"{self.word} is not known to checklists.", f"检查表不支持 {self.word}。")
        if self.kind != "number":
            raise _unread(self.word)
        number = float(self._next())
        return int(number) if number.is_integer() else number

    def _next(self) -> str:
        word = self.word
        self._at += 1
        return word

    def _take(self, mark: str) -> None:
        if self.word != mark:
            raise _unread(self.word)
        self._at += 1
