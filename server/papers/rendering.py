"""Filling a template: fields and thumbnails in, a .docx out; and judging a template that the office sends.

A template may name fields, and use `for` and `if` upon them. Everything else that Jinja could do is refused
before it runs.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from server.papers.errors import TemplateUnusable
from server.papers.kinds import CASE_COLUMNS, OWN, TEMPLATES, PaperKind
from server.papers.samples import sample, sample_photo

PHOTO_WIDTH = Mm(70)
MOST_TEMPLATE_BYTES = 5 * 1024 * 1024
MOST_INFLATED_BYTES = 40 * 1024 * 1024
Pictures = Mapping[str, bytes]
# XML 1.0, 2.2: no other character may stand in a document; of these, tab and line feed become breaks.
_UNPRINTABLE = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.For,
    nodes.If,
    nodes.Not,
)


def render(template: bytes, kind: PaperKind, fields: Mapping[str, Any], pictures: Pictures) -> bytes:
    """Return the paper as .docx.

    Args:
        fields: a value for every name of `OWN` and of the kind; what is absent stands empty.
        pictures: the bytes of thumbnails by digest; a photo without one is left out.
    """
    document = DocxTemplate(io.BytesIO(template))
    document.render(_context(document, kind, fields, pictures), _environment(), autoescape=True)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def check(code: str, template: bytes) -> None:
    """Refuse a file that cannot serve as the template of a kind.

    Raises:
        TemplateUnusable: no .docx, too large, unknown fields, more than fields and loops, or it does not
            render.
    """
    if code not in TEMPLATES:
        raise TemplateUnusable(f"There is no kind {code} of paper.", f"没有 {code} 这种公文。")
    kind = TEMPLATES[code]
    _check_file(template)
    try:
        _check_words(template, kind)
        render(template, kind, sample(kind), {photo: sample_photo() for photo in _photos(sample(kind), kind)})
    except TemplateUnusable:
        raise
    except TemplateError as fault:
        raise TemplateUnusable(f"It does not render: {fault}", f"模板无法生成：{fault}") from fault
    except (KeyError, ValueError, TypeError, AttributeError, SyntaxError) as fault:
        raise TemplateUnusable("Word could not have written it so.", "模板文件已损坏。") from fault


def _check_file(template: bytes) -> None:
    too_large = TemplateUnusable("It is larger than 5 MB.", "模板超过 5 MB。")
    if len(template) > MOST_TEMPLATE_BYTES:
        raise too_large
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_INFLATED_BYTES:
                raise too_large
            if "word/document.xml" not in archive.namelist() or archive.testzip() is not None:
                raise TemplateUnusable("It is no .docx file.", "不是 .docx 文件。")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as fault:
        raise TemplateUnusable("It is no .docx file.", "不是 .docx 文件。") from fault


def _check_words(template: bytes, kind: PaperKind) -> None:
    """Refuse names that are no fields, and all of Jinja but fields, `for` and `if`."""
    document = DocxTemplate(io.BytesIO(template))
    document.init_docx()
    texts = [document.patch_xml(document.get_xml())]
    for uri in (document.HEADER_URI, document.FOOTER_URI):
        texts += [document.patch_xml(xml) for _, xml in _parts(document, uri)]
    texts += [str(getattr(document.docx.core_properties, name)) for name in _PROPERTIES]
    known = {*OWN, *(field.name for field in kind.fields)}
    for words in texts:
        parsed = _environment().parse(words)
        for node in parsed.find_all(nodes.Node):
            if not isinstance(node, _ALLOWED):
                what = type(node).__name__
                raise TemplateUnusable(
                    f"Templates use fields, for and if only, not {what}.",
                    f"模板只能使用字段、for 和 if，不能使用 {what}。",
                )
            if isinstance(node, nodes.Getattr) and node.attr not in {*CASE_COLUMNS, "index"}:
                raise _unknown([node.attr])
        unknown = meta.find_undeclared_variables(parsed) - known
        if unknown:
            raise _unknown(sorted(unknown))


_PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")


def _parts(document: Any, uri: str) -> list[tuple[str, str]]:
    return [(key, document.get_part_xml(part)) for key, part in document.get_headers_footers(uri)]


def _unknown(names: Sequence[str]) -> TemplateUnusable:
    told = ", ".join(names)
    return TemplateUnusable(f"This paper has no field {told}.", f"该公文没有字段 {told}。")


def _environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def _context(
    document: DocxTemplate, kind: PaperKind, fields: Mapping[str, Any], pictures: Pictures
) -> dict[str, Any]:
    context: dict[str, Any] = {name: _plain(fields.get(name) or "") for name in OWN}
    for field in kind.fields:
        value = fields.get(field.name)
        if field.shape == "photos":
            context[field.name] = [
                InlineImage(document, io.BytesIO(pictures[one]), width=PHOTO_WIDTH)
                for one in value or ()
                if one in pictures
            ]
        elif field.shape == "text":
            context[field.name] = _plain(value or "")
        else:
            context[field.name] = _plain(value or [])
    return context


def _plain(value: Any) -> Any:
    """Return a value whose texts hold only what XML can say."""
    if isinstance(value, str):
        return _UNPRINTABLE.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, Mapping):
        return {name: _plain(value.get(name, "")) for name in CASE_COLUMNS}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else str(value)


def _photos(fields: Mapping[str, Any], kind: PaperKind) -> list[str]:
    return [one for field in kind.fields if field.shape == "photos" for one in fields[field.name]]
