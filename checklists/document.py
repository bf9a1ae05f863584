"""From a checklist's JSON document to a Template, and its name by content."""

import hashlib
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import rfc8785

from checklists.categories import Pairs
from checklists.conditions import condition_from
from checklists.errors import Fault, TemplateFaulty
from checklists.lint import lint
from checklists.model import Choice, From, Item, Judgement, Outcome, Template


def version_of(document: Mapping[str, Any]) -> str:
    """Return `sha256:<hex>` over the RFC 8785 canonical JSON of a document, any `version` in it left out."""
    bare = {key: value for key, value in document.items() if key != "version"}
    return "sha256:" + hashlib.sha256(rfc8785.dumps(bare)).hexdigest()


def template_from_document(document: object, *, file: str = "", pairs: Pairs | None = None) -> Template:
    """Return the template that a document describes.

    Args:
        document: what stands in the JSON file.
        file: its name, repeated in every fault.
        pairs: the categories and their severities; those of the package when left out.

    Raises:
        TemplateFaulty: with every fault that lint found; also when a `version` in it is not its own.
    """
    faults = lint(document, file=file, pairs=pairs)
    if faults or not isinstance(document, Mapping):
        raise TemplateFaulty(faults)
    return published_template(document, file=file)


def published_template(document: Mapping[str, Any], *, file: str = "") -> Template:
    """Return the template of a document that was checked when it was published.

    Raises:
        TemplateFaulty: a `version` in it is not its own.
    """
    version = version_of(document)
    if document.get("version", version) != version:
        raise TemplateFaulty(
            [Fault("/version", f"The content's version is {version}.", "版本与内容不符。", file)]
        )
    items = tuple(_item(raw) for raw in document["items"])
    bare = {key: deepcopy(value) for key, value in document.items() if key != "version"}
    return Template(
        code=document["code"],
        title_zh=document["title_zh"],
        title_en=document["title_en"],
        measures=tuple(document["measures"]),
        published_on=document["published_on"],
        items=items,
        version=version,
        fields={item.code: item for item in items},
        source=bare,
    )


def _item(raw: Mapping[str, Any]) -> Item:
    items = tuple(_item(part) for part in raw.get("items", ()))
    choices = tuple(Choice(c["code"], c["label_zh"], c["label_en"]) for c in raw.get("choices", ()))
    return Item(
        number=raw.get("number"),
        code=raw["code"],
        label_zh=raw["label_zh"],
        label_en=raw["label_en"],
        type=raw["type"],
        evidence=tuple(raw.get("evidence", ())),
        place=raw.get("place", False),
        optional=raw.get("optional", False),
        masked=raw.get("masked", False),
        minimum=raw.get("minimum"),
        maximum=raw.get("maximum"),
        integer=raw.get("integer", False),
        count=raw.get("count", 1),
        show_when=condition_from(raw["show_when"]) if "show_when" in raw else None,
        choices=choices,
        judgements=tuple(_judgement(part) for part in raw.get("judgements", ())),
        items=items,
        choice_codes=frozenset(choice.code for choice in choices),
        fields={item.code: item for item in items},
    )


def _judgement(raw: Mapping[str, Any]) -> Judgement:
    outcome = Outcome(
        kind=raw.get("outcome", "violation"),
        category=_source(raw.get("category")),
        severity=_source(raw.get("severity")),
        points=_source(raw.get("points")),
        code=raw.get("code"),
        shape=raw.get("shape"),
    )
    return Judgement(condition_from(raw["when"]), outcome, raw.get("for_each", False))


def _source(raw: Any) -> Any:
    return From(raw["from"]) if isinstance(raw, Mapping) else raw
