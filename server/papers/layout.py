"""The templates that the product brings along, laid out by GB/T 9704-2012."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from server.papers.kinds import CASE_COLUMNS, SERVICE_RETURN, TEMPLATES, Field, PaperKind

# GB/T 9704-2012, 5.2: margins, and a type area of 156 × 225 mm with 22 lines of 28 characters.
PAGE, TOP, LEFT, TYPE_AREA = (Mm(210), Mm(297)), Mm(37), Mm(28), (Mm(156), Mm(225))
LINE = Pt(29)
TITLE_FONT, TEXT_FONT = "方正小标宋简体", "仿宋_GB2312"
TITLE_SIZE, TEXT_SIZE, TABLE_SIZE = Pt(22), Pt(16), Pt(10.5)
RED = RGBColor(0xE6, 0x00, 0x12)
_LONG_AGO = (2019, 6, 10, 0, 0, 0)


@cache
def standard(code: str) -> bytes:
    """Return the .docx template of a kind; the same bytes each time."""
    kind = TEMPLATES[code]
    paper = _page()
    if kind is SERVICE_RETURN:
        _service_return(paper, kind)
    else:
        _head(paper)
        _body(paper, kind)
        _foot(paper, kind)
    return _bytes(paper)


def _page() -> Paper:
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = PAGE
    section.top_margin, section.left_margin = TOP, LEFT
    section.right_margin = Mm(210 - 28 - 156)
    section.bottom_margin = Mm(297 - 37 - 225)
    section.header_distance = section.footer_distance = Mm(28)
    style: Any = paper.styles["Normal"]
    _font(style, TEXT_FONT, TEXT_SIZE)
    spacing = style.paragraph_format
    spacing.line_spacing_rule, spacing.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    spacing.space_before = spacing.space_after = Pt(0)
    return paper


def _font(styled: Any, name: str, size: Pt) -> None:
    styled.font.name, styled.font.size = name, size
    styled.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _line(paper: Paper, words: str, align: WD_ALIGN_PARAGRAPH | None = None, *, indent: int = 0) -> Paragraph:
    paragraph = paper.add_paragraph(words)
    if align is not None:
        paragraph.alignment = align
    paragraph.paragraph_format.first_line_indent = TEXT_SIZE * indent
    return paragraph


def _title(paper: Paper, words: str, *, colour: RGBColor | None = None) -> None:
    paragraph = _line(paper, "", WD_ALIGN_PARAGRAPH.CENTER)
    run = paragraph.add_run(words)
    _font_of_run(run, TITLE_FONT, TITLE_SIZE)
    run.font.color.rgb = colour


def _font_of_run(run: Any, name: str, size: Pt) -> None:
    run.font.name, run.font.size = name, size
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _head(paper: Paper) -> None:
    _title(paper, "{{ from_name }}", colour=RED)
    number = _line(paper, "{{ number }}", WD_ALIGN_PARAGRAPH.CENTER)
    _rule_below(number)
    _line(paper, "")
    _title(paper, "{{ title }}")
    _line(paper, "")
    _line(paper, "{{ to_name }}：")


def _rule_below(paragraph: Paragraph) -> None:
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "6"), ("color", "E60012")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().append(borders)


def _body(paper: Paper, kind: PaperKind) -> None:
    for field in kind.fields:
        _SHAPES[field.shape](paper, field)


def _text(paper: Paper, field: Field) -> None:
    _line(paper, f"{field.label}：{{{{ {field.name} }}}}", indent=2)


def _lines(paper: Paper, field: Field) -> None:
    _line(paper, f"{field.label}：", indent=2)
    _line(paper, f"{{%p for line in {field.name} %}}")
    _line(paper, "{{ loop.index }}. {{ line }}", indent=2)
    _line(paper, "{%p endfor %}")


def _photos(paper: Paper, field: Field) -> None:
    _line(paper, f"{{%p if {field.name} %}}")
    _line(paper, f"{field.label}：", indent=2)
    pictures = _line(
        paper, f"{{% for photo in {field.name} %}}{{{{ photo }}}}　{{% endfor %}}", WD_ALIGN_PARAGRAPH.CENTER
    )
    # An exact line height would cut pictures off.
    pictures.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    _line(paper, "{%p endif %}")


def _cases(paper: Paper, field: Field) -> None:
    _line(paper, f"{field.label}：", indent=2)
    table = paper.add_table(rows=4, cols=len(CASE_COLUMNS))
    table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    for cell, label in zip(table.rows[0].cells, CASE_COLUMNS.values(), strict=True):
        _cell(cell, label)
    _cell(table.rows[1].cells[0], f"{{%tr for case in {field.name} %}}")
    for cell, name in zip(table.rows[2].cells, CASE_COLUMNS, strict=True):
        _cell(cell, f"{{{{ case.{name} }}}}")
    _cell(table.rows[3].cells[0], "{%tr endfor %}")


_SHAPES = {"text": _text, "lines": _lines, "cases": _cases, "photos": _photos}


def _cell(cell: Any, words: str) -> None:
    paragraph = cell.paragraphs[0]
    _font_of_run(paragraph.add_run(words), TEXT_FONT, TABLE_SIZE)
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE


def _foot(paper: Paper, kind: PaperKind) -> None:
    _line(paper, "")
    _line(paper, "{{ from_name }}（盖章）", WD_ALIGN_PARAGRAPH.RIGHT)
    _line(paper, "{{ issued_on }}", WD_ALIGN_PARAGRAPH.RIGHT)
    _line(
        paper,
        "拟稿：{{ drafted_by }}　审核：{{ reviewed_by }}　"
        "会签：{{ countersigned_by }}　签发：{{ issued_by }}",
    )
    _line(paper, "{%p if copies %}")
    _line(paper, "抄送：{{ copies }}")
    _line(paper, "{%p endif %}")
    _slip(paper, kind)


def _slip(paper: Paper, kind: PaperKind) -> None:
    if kind.code == "rectification_notice":
        _cut(paper, "存　　根")
        for words in ("文号：{{ number }}", "送：{{ to_name }}", "地点：{{ place }}", "问题：{{ problem }}"):
            _line(paper, words)
        _line(paper, "时限：{{ due }}　签发：{{ issued_by }}　{{ issued_on }}")
    elif kind.code == "supervision":
        _cut(paper, "督办回执")
        for words in (
            "督办文号：{{ number }}",
            "办理情况：",
            "反馈单位（盖章）：",
            "负责人：　　　　　日期：",
        ):
            _line(paper, words)
    else:
        _line(paper, "签收人：{{ received_by }}　　签收时间：{{ received_at }}")


def _cut(paper: Paper, words: str) -> None:
    _line(paper, "－　" * 12, WD_ALIGN_PARAGRAPH.CENTER)
    _title(paper, words)


def _service_return(paper: Paper, kind: PaperKind) -> None:
    _title(paper, "{{ from_name }}")
    _title(paper, "{{ title }}")
    rows = [("送达文书文号", "number"), ("受送达人", "to_name")]
    rows += [(field.label, field.name) for field in kind.fields]
    table = paper.add_table(rows=len(rows), cols=2)
    table.style = "Table Grid"
    for row, (label, name) in zip(table.rows, rows, strict=True):
        _cell(row.cells[0], label)
        _cell(row.cells[1], f"{{{{ {name} }}}}")


def _bytes(paper: Paper) -> bytes:
    """Return the file with one fixed date on everything in it."""
    properties = paper.core_properties
    properties.author, properties.comments, properties.title = "", "", ""
    written = io.BytesIO()
    paper.save(written)
    out = io.BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _LONG_AGO), source.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
