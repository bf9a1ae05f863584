"""Pages of Word papers by GB/T 9704-2012: what templates, reports and sheets are put together from."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

# GB/T 9704-2012, 5.2: margins, and a type area of 156 × 225 mm with 22 lines of 28 characters.
PAGE, TOP, LEFT, TYPE_AREA = (Mm(210), Mm(297)), Mm(37), Mm(28), (Mm(156), Mm(225))
LINE = Pt(29)
TITLE_FONT, TEXT_FONT = "方正小标宋简体", "仿宋_GB2312"
TITLE_SIZE, TEXT_SIZE, TABLE_SIZE = Pt(22), Pt(16), Pt(10.5)
_LONG_AGO = (2019, 6, 10, 0, 0, 0)


def blank() -> Paper:
    """Return a paper without words, its page and text set up."""
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


def line(
    paper: Paper,
    words: str,
    align: WD_ALIGN_PARAGRAPH | None = None,
    *,
    indent: int = 0,
    centred: bool = False,
) -> Paragraph:
    """Add a paragraph, its first line indented by so many characters."""
    paragraph = paper.add_paragraph(words)
    if centred:
        align = WD_ALIGN_PARAGRAPH.CENTER
    if align is not None:
        paragraph.alignment = align
    paragraph.paragraph_format.first_line_indent = TEXT_SIZE * indent
    return paragraph


def title(paper: Paper, words: str, *, colour: RGBColor | None = None) -> None:
    """Add a line in the size and font of titles."""
    paragraph = line(paper, "", centred=True)
    run = paragraph.add_run(words)
    font_of_run(run, TITLE_FONT, TITLE_SIZE)
    run.font.color.rgb = colour


def table(paper: Paper, heading: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Add a ruled table whose heading comes again on every page."""
    made = paper.add_table(rows=1 + len(rows), cols=len(heading))
    made.style, made.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    for cells, words in zip((row.cells for row in made.rows), (heading, *rows), strict=True):
        for one, word in zip(cells, words, strict=True):
            cell(one, word)
    repeat: Any = made.rows[0]._tr.get_or_add_trPr()
    repeat.append(repeat.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))


def cell(of_table: Any, words: str) -> None:
    """Write words into a cell, in the size of tables."""
    paragraph = of_table.paragraphs[0]
    font_of_run(paragraph.add_run(words), TEXT_FONT, TABLE_SIZE)
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE


def font_of_run(run: Any, name: str, size: Pt) -> None:
    """Set the font of Latin and Chinese letters alike."""
    run.font.name, run.font.size = name, size
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def as_bytes(paper: Paper) -> bytes:
    """Return the file with one fixed date on everything in it: the same words give the same bytes."""
    properties = paper.core_properties
    properties.author, properties.comments, properties.title = "", "", ""
    written = io.BytesIO()
    paper.save(written)
    out = io.BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _LONG_AGO), source.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _font(styled: Any, name: str, size: Pt) -> None:
    styled.font.name, styled.font.size = name, size
    styled.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)
