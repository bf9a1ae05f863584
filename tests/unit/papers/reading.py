"""Reading a .docx back."""

from __future__ import annotations

import io

from docx import Document


def text_of(content: bytes) -> str:
    """Return all the words of a paper, tables after paragraphs."""
    paper = Document(io.BytesIO(content))
    return "\n".join(
        [*(line.text for line in paper.paragraphs), *("\t".join(row) for row in rows_of(content))]
    )


def rows_of(content: bytes) -> list[list[str]]:
    """Return the rows of all its tables."""
    paper = Document(io.BytesIO(content))
    return [[cell.text for cell in row.cells] for table in paper.tables for row in table.rows]


def pictures_in(content: bytes) -> int:
    """Return how many pictures stand in a paper."""
    return len(Document(io.BytesIO(content)).inline_shapes)
