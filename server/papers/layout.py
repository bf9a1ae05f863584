"""The templates that the product brings along, laid out by GB/T 9704-2012."""

from __future__ import annotations

from functools import cache

from docx.document import Document as Paper
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import RGBColor
from docx.text.paragraph import Paragraph

from server.papers import pages
from server.papers.kinds import CASE_COLUMNS, SERVICE_RETURN, TEMPLATES, Field, PaperKind

RED = RGBColor(0xE6, 0x00, 0x12)


@cache
def standard(code: str) -> bytes:
    """Return the .docx template of a kind; the same bytes each time."""
    kind = TEMPLATES[code]
    paper = pages.blank()
    if kind is SERVICE_RETURN:
        _service_return(paper, kind)
    else:
        _head(paper)
        _body(paper, kind)
        _foot(paper, kind)
    return pages.as_bytes(paper)


def _head(paper: Paper) -> None:
    pages.title(paper, "{{ from_name }}", colour=RED)
    number = pages.line(paper, "{{ number }}", WD_ALIGN_PARAGRAPH.CENTER)
    _rule_below(number)
    pages.line(paper, "")
    pages.title(paper, "{{ title }}")
    pages.line(paper, "")
    pages.line(paper, "{{ to_name }}：")


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
    pages.line(paper, f"{field.label}：{{{{ {field.name} }}}}", indent=2)


def _lines(paper: Paper, field: Field) -> None:
    pages.line(paper, f"{field.label}：", indent=2)
    pages.line(paper, f"{{%p for line in {field.name} %}}")
    pages.line(paper, "{{ loop.index }}. {{ line }}", indent=2)
    pages.line(paper, "{%p endfor %}")


def _photos(paper: Paper, field: Field) -> None:
    pages.line(paper, f"{{%p if {field.name} %}}")
    pages.line(paper, f"{field.label}：", indent=2)
    pictures = pages.line(
        paper, f"{{% for photo in {field.name} %}}{{{{ photo }}}}　{{% endfor %}}", WD_ALIGN_PARAGRAPH.CENTER
    )
    # An exact line height would cut pictures off.
    pictures.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    pages.line(paper, "{%p endif %}")


def _cases(paper: Paper, field: Field) -> None:
    pages.line(paper, f"{field.label}：", indent=2)
    table = paper.add_table(rows=4, cols=len(CASE_COLUMNS))
    table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    for cell, label in zip(table.rows[0].cells, CASE_COLUMNS.values(), strict=True):
        pages.cell(cell, label)
    pages.cell(table.rows[1].cells[0], f"{{%tr for case in {field.name} %}}")
    for cell, name in zip(table.rows[2].cells, CASE_COLUMNS, strict=True):
        pages.cell(cell, f"{{{{ case.{name} }}}}")
    pages.cell(table.rows[3].cells[0], "{%tr endfor %}")


_SHAPES = {"text": _text, "lines": _lines, "cases": _cases, "photos": _photos}


def _foot(paper: Paper, kind: PaperKind) -> None:
    pages.line(paper, "")
    pages.line(paper, "{{ from_name }}（盖章）", WD_ALIGN_PARAGRAPH.RIGHT)
    pages.line(paper, "{{ issued_on }}", WD_ALIGN_PARAGRAPH.RIGHT)
    pages.line(
        paper,
        "拟稿：{{ drafted_by }}　审核：{{ reviewed_by }}　"
        "会签：{{ countersigned_by }}　签发：{{ issued_by }}",
    )
    pages.line(paper, "{%p if copies %}")
    pages.line(paper, "抄送：{{ copies }}")
    pages.line(paper, "{%p endif %}")
    _slip(paper, kind)


def _slip(paper: Paper, kind: PaperKind) -> None:
    if kind.code == "rectification_notice":
        _cut(paper, "存　　根")
        for words in ("文号：{{ number }}", "送：{{ to_name }}", "地点：{{ place }}", "问题：{{ problem }}"):
            pages.line(paper, words)
        pages.line(paper, "时限：{{ due }}　签发：{{ issued_by }}　{{ issued_on }}")
    elif kind.code == "supervision":
        _cut(paper, "督办回执")
        for words in (
            "督办文号：{{ number }}",
            "办理情况：",
            "反馈单位（盖章）：",
            "负责人：　　　　　日期：",
        ):
            pages.line(paper, words)
    else:
        pages.line(paper, "签收人：{{ received_by }}　　签收时间：{{ received_at }}")


def _cut(paper: Paper, words: str) -> None:
    pages.line(paper, "－　" * 12, WD_ALIGN_PARAGRAPH.CENTER)
    pages.title(paper, words)


def _service_return(paper: Paper, kind: PaperKind) -> None:
    pages.title(paper, "{{ from_name }}")
    pages.title(paper, "{{ title }}")
    rows = [("送达文书文号", "number"), ("受送达人", "to_name")]
    rows += [(field.label, field.name) for field in kind.fields]
    table = paper.add_table(rows=len(rows), cols=2)
    table.style = "Table Grid"
    for row, (label, name) in zip(table.rows, rows, strict=True):
        pages.cell(row.cells[0], label)
        pages.cell(row.cells[1], f"{{{{ {name} }}}}")
