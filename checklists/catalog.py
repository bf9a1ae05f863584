"""The checklists that the package ships: read, checked and found by code or by version."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product

from checklists.categories import Pairs
from checklists.document import template_from_document, version_of
from checklists.errors import Fault, TemplateFaulty, UnknownTemplate, UnknownVersion
from checklists.lint import lint
from checklists.model import From, Item, Judgement, Template

__all__ = ["Catalog", "catalog", "lint", "template_from_document", "version_of", "yields"]


@dataclass(frozen=True, slots=True)
class Catalog:
    """A set of templates: the latest of each code is current, all are found by version."""

    by_code: Mapping[str, Template]
    by_version: Mapping[str, Template]

    @classmethod
    def of(cls, templates: Iterable[Template]) -> "Catalog":
        """Make a catalog; of templates with one code the one published last is current."""
        ordered = sorted(templates, key=lambda template: template.published_on)
        codes = {template.code: template for template in ordered}
        numbers = sorted(codes, key=lambda code: (len(code), code))
        return cls(
            {code: codes[code] for code in numbers}, {template.version: template for template in ordered}
        )

    def current(self) -> tuple[Template, ...]:
        """Return the current templates in the order of their codes."""
        return tuple(self.by_code.values())

    def get(self, code: str) -> Template:
        """Return the current template of a code.

        Raises:
            UnknownTemplate: no template has it.
        """
        try:
            return self.by_code[code]
        except KeyError:
            raise UnknownTemplate(code) from None

    def version(self, version: str) -> Template:
        """Return the template with this `sha256:<hex>`, current or not.

        Raises:
            UnknownVersion: it is not among these.
        """
        try:
            return self.by_version[version]
        except KeyError:
            raise UnknownVersion(version) from None


@cache
def catalog() -> Catalog:
    """Return the shipped templates.

    Raises:
        TemplateFaulty: a shipped file is faulty; the fault names it.
    """
    folder = files("checklists").joinpath("data", "templates")
    found = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".json")), key=lambda file: file.name
    )
    return Catalog.of(_read(file.name, file.read_text(encoding="utf-8")) for file in found)


def _read(name: str, text: str) -> Template:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise TemplateFaulty([Fault("", f"This is no JSON: {error}.", "不是有效的 JSON。", name)]) from error
    return template_from_document(document, file=name)


def yields(template: Template, pairs: Pairs) -> set[tuple[str, str]]:
    """Return every category and severity that a template can yield, as judged against a table."""
    found: set[tuple[str, str]] = set()
    for items in (template.items, *(item.items for item in template.items)):
        near = {part.code: part for item in items for part in (item, *item.items)}
        for judgement in (judgement for item in items for judgement in item.judgements):
            found |= _pairs_of(judgement, near, pairs)
    return found


def _pairs_of(judgement: Judgement, near: Mapping[str, Item], pairs: Pairs) -> set[tuple[str, str]]:
    outcome = judgement.outcome
    if outcome.kind != "violation":
        return set()
    both = product(_codes(outcome.category, near), _codes(outcome.severity, near))
    chosen = isinstance(outcome.category, From)
    return {(c, s) for c, s in both if not chosen or s in pairs.get(c, ())}


def _codes(source: str | From | None, near: Mapping[str, Item]) -> tuple[str, ...]:
    if isinstance(source, From):
        return tuple(choice.code for choice in near[source.item].choices)
    return () if source is None else (source,)
