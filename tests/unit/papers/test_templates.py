"""Every template renders, by GB/T 9704; one that the office sends is judged before it serves."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from docx import Document
from docx.shared import Mm
from hypothesis import given, settings
from hypothesis import strategies as st

from server.papers.errors import TemplateUnusable
from server.papers.kinds import CASE_COLUMNS, KINDS, OWN, TEMPLATES
from server.papers.labels import english
from server.papers.layout import standard
from server.papers.rendering import check, render
from server.papers.samples import sample, sample_photo
from tests.unit.papers.reading import rows_of, text_of


@pytest.mark.parametrize("code", TEMPLATES)
def test_every_template_of_ours_shows_every_field_of_its_kind(code: str) -> None:
    kind = TEMPLATES[code]
    fields = sample(kind)

    made = render(standard(code), kind, fields, {})

    told = text_of(made)
    shown = [
        *(value for name, value in fields.items() if name in {"title", "number", "from_name", "to_name"})
    ]
    shown += [fields[field.name] for field in kind.fields if field.shape == "text"]
    shown += [line for field in kind.fields if field.shape == "lines" for line in fields[field.name]]
    assert [words for words in shown if words not in told] == []
    for field in kind.fields:
        if field.shape == "cases":
            assert list(fields[field.name][0].values()) in rows_of(made)


@pytest.mark.parametrize("code", TEMPLATES)
def test_every_template_of_ours_would_be_accepted_from_the_office_too(code: str) -> None:
    check(code, standard(code))


@pytest.mark.parametrize("code", KINDS)
def test_pages_have_the_measures_of_the_standard(code: str) -> None:
    section = Document(io.BytesIO(standard(code))).sections[0]
    assert section.page_width is not None
    assert section.page_height is not None
    assert section.left_margin is not None
    assert section.right_margin is not None
    assert section.top_margin is not None
    assert section.bottom_margin is not None

    def near(length: int, millimetres: float) -> bool:
        return abs(length - Mm(millimetres)) < Mm(0.5)

    assert near(section.page_width, 210)
    assert near(section.page_height, 297)
    assert near(section.top_margin, 37)
    assert near(section.left_margin, 28)
    assert near(section.page_width - section.left_margin - section.right_margin, 156)
    assert near(section.page_height - section.top_margin - section.bottom_margin, 225)


def test_titles_and_text_are_set_in_the_fonts_and_sizes_of_the_standard() -> None:
    paper = Document(io.BytesIO(standard("supervision")))
    titles = [run for line in paper.paragraphs for run in line.runs if run.text == "{{ title }}"]
    normal: Any = paper.styles["Normal"]

    assert [(run.font.name, run.font.size.pt) for run in titles if run.font.size] == [("方正小标宋简体", 22)]
    assert (normal.font.name, normal.font.size.pt) == ("仿宋_GB2312", 16)


def test_a_template_of_ours_is_the_same_bytes_each_time() -> None:
    first = standard("reminder")
    standard.cache_clear()

    assert standard("reminder") == first


def test_photos_stand_in_the_notice_and_one_without_its_thumbnail_is_left_out() -> None:
    kind = KINDS["rectification_notice"]
    fields = {**sample(kind), "photos": ["a" * 64, "b" * 64, "c" * 64]}

    made = render(standard(kind.code), kind, fields, dict.fromkeys(["a" * 64, "c" * 64], sample_photo()))

    assert len(Document(io.BytesIO(made)).inline_shapes) == 2


@settings(max_examples=25)
@given(st.text(max_size=60))
def test_whatever_people_write_stands_in_the_paper_and_never_breaks_it(words: str) -> None:
    kind = KINDS["supervision"]

    made = render(standard(kind.code), kind, {**sample(kind), "progress": f"始{words}终"}, {})

    told = text_of(made)
    plain = "".join(sign for sign in words if sign.isalnum())
    assert "始" in told
    assert "".join(sign for sign in told if sign.isalnum()).count(f"始{plain}终") == 1


def test_what_looks_like_a_field_or_like_xml_in_peoples_words_stays_words() -> None:
    kind = KINDS["supervision"]

    made = render(standard(kind.code), kind, {**sample(kind), "progress": "{{ number }}<w:p/>&amp;"}, {})

    assert "{{ number }}<w:p/>&amp;" in text_of(made)


def a_template(*paragraphs: str, header: str = "") -> bytes:
    paper = Document()
    for words in paragraphs:
        paper.add_paragraph(words)
    if header:
        paper.sections[0].header.paragraphs[0].text = header
    written = io.BytesIO()
    paper.save(written)
    return written.getvalue()


def not_word() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("word/document.xml", "<x")
    return written.getvalue()


def a_bomb() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (41 << 20))
    return written.getvalue()


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (lambda: b"", "no .docx"),
        (lambda: b"%PDF-1.7", "no .docx"),
        (lambda: standard("reminder")[:-200], "no .docx"),
        (not_word, "Word"),
        (a_bomb, "larger"),
        (lambda: a_template("{{ photos_after }}"), "photos_after"),
        (lambda: a_template("{{ settings }}"), "settings"),
        (lambda: a_template("fine", header="{{ secret }}"), "secret"),
        (lambda: a_template("{% for case in cases %}{{ case.colour }}{% endfor %}"), "colour"),
        (lambda: a_template("{{ title.__class__ }}"), "__class__"),
        (lambda: a_template("{{ 'a' * 1000000000 }}"), "Mul"),
        (lambda: a_template("{% for i in range(9) %}{% endfor %}"), "Call"),
        (lambda: a_template("{{ title|upper }}"), "Filter"),
        (lambda: a_template("{% include 'x' %}"), "Include"),
        (lambda: a_template("{% if title %}never closed"), "render"),
        (lambda: a_template("{{ title"), "render"),
    ],
)
def test_a_file_that_cannot_serve_is_refused_with_the_reason(made: Callable[[], bytes], reason: str) -> None:
    with pytest.raises(TemplateUnusable) as refused:
        check("reminder", made())

    assert reason in refused.value.detail


def test_no_kind_no_template() -> None:
    with pytest.raises(TemplateUnusable):
        check("poem", standard("reminder"))


def test_no_field_of_a_kind_has_the_name_of_what_every_paper_has() -> None:
    for kind in TEMPLATES.values():
        names = [field.name for field in kind.fields]
        assert len(set(names)) == len(names)
        assert not {*names} & {*OWN}
    assert "number" in CASE_COLUMNS


def test_every_field_has_a_label_in_both_languages() -> None:
    for kind in TEMPLATES.values():
        for field in kind.fields:
            assert field.label
            assert english(kind.code, field.name).isascii()
