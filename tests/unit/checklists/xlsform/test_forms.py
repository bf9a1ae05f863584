"""A questionnaire in Excel becomes a checklist, and what stands in the way is told by its cell."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from checklists.catalog import catalog
from checklists.document import template_from_document, version_of
from checklists.xlsform.cells import Book, Trouble
from checklists.xlsform.reading import Form, read_form
from checklists.xlsform.writing import form_of
from server.sheets.reading import read_book

TODAY = date(2026, 12, 1)
TITLES = ["type", "name", "label", "required", "relevant", "constraint"]
HEAD = [["form_id", "form_title", "version"], ["T18", "液化气检查", "2026-12-01"]]
LISTS = [
    ["list_name", "name", "label"],
    ["yes_no", "yes", "是"],
    ["yes_no", "no", "否"],
    ["kind", "bottle", "瓶装"],
    ["kind", "pipe", "管道"],
    ["kind", "none", "无"],
]


def a_book(*rows: list[str], titles: list[str] | None = None, **sheets: list[list[str]]) -> Book:
    return {"survey": [titles or TITLES, *rows], "choices": LISTS, "settings": HEAD, **sheets}


def read(*rows: list[str], **more: Any) -> Form:
    return read_form(a_book(*rows, **more), today=TODAY)


def stopping(form: Form) -> list[tuple[str, int, str]]:
    return [(one.cell.sheet, one.cell.row, one.cell.column) for one in form.troubles if one.stops]


def left_out(form: Form) -> list[Trouble]:
    return [one for one in form.troubles if not one.stops]


def items(form: Form) -> list[dict[str, Any]]:
    assert form.document is not None, [one.told() for one in form.troubles]
    return [dict(item) for item in form.document["items"]]


def test_rows_become_items_of_the_types_that_checklists_know() -> None:
    form = read(
        ["select_one yes_no", "hose_old", "软管是否老化", "yes", "", ""],
        ["select_one kind", "kind", "气源", "yes", "", ""],
        ["select_multiple kind", "kinds", "所有气源", "yes", "", ""],
        ["integer", "bottles", "瓶数", "yes", "${kind} = 'bottle'", ". >= 0 and . <= 100"],
        ["decimal", "pressure", "压力", "", "", ""],
        ["date", "checked_on", "上次检查", "", "", ""],
        ["image", "picture", "照片", "", "", ""],
        ["geopoint", "place_of_it", "位置", "", "", ""],
        ["begin_repeat", "leaks", "漏点", "", "", ""],
        ["text", "where", "何处", "yes", "", ""],
        ["end_repeat", "", "", "", "", ""],
    )

    found = items(form)
    assert [item["type"] for item in found] == [
        *("yn", "one", "many", "num", "num", "date", "photo", "pt", "group"),
    ]
    assert [item["number"] for item in found] == list(range(1, 10))
    bottles = found[3]
    assert (bottles["integer"], bottles["minimum"], bottles["maximum"]) == (True, 0, 100)
    assert bottles["show_when"] == {"item": "kind", "eq": "bottle"}
    assert "optional" not in bottles
    assert found[4]["optional"] is True
    assert found[8]["items"] == [{"code": "where", "label_zh": "何处", "label_en": "何处", "type": "text"}]
    assert form.document is not None
    assert (form.document["code"], form.document["published_on"]) == ("T18", "2026-12-01")


def test_what_follows_from_an_answer_stands_in_columns_of_its_own() -> None:
    titles = [*TITLES[:3], "violation_when", "violation_category", "violation_severity", "evidence", "place"]
    row = ["select_one yes_no", "charging", "楼道充电", ". = 'yes'", "indoor_charging", "A", "photo", "yes"]

    [item] = items(read(row, titles=titles))

    assert item["judgements"] == [{"when": {"eq": True}, "category": "indoor_charging", "severity": "A"}]
    assert (item["evidence"], item["place"]) == (["photo"], True)
    bad = read([*row[:4], "moon_dust", *row[5:]], titles=titles)
    assert stopping(bad) == [("survey", 2, "violation_category")]
    assert stopping(read([*row[:4], "", *row[5:]], titles=titles)) == [("survey", 2, "violation_category")]


@pytest.mark.parametrize("template", catalog().current(), ids=lambda one: one.code)
def test_every_checklist_is_the_same_version_after_excel(template: Any) -> None:
    form = read_form(form_of(template.document), today=TODAY)

    assert form.document is not None, [one.told() for one in form.troubles]
    assert version_of(form.document) == template.version
    assert form.troubles == ()


def test_an_item_keeps_the_number_that_an_earlier_version_gave_it() -> None:
    rows = (["text", "new_one", "新"], ["text", "hose", "软管"], ["text", "other", "其他"])
    form = read_form(a_book(*rows), today=TODAY, numbers={"hose": 4, "gone": 9})

    assert [item["number"] for item in items(form)] == [10, 4, 11]


def test_a_group_gives_its_condition_to_its_questions() -> None:
    form = read(
        ["select_one yes_no", "gas", "用气", "", "", ""],
        ["begin_group", "more", "详情", "", "${gas} = 'yes'", ""],
        ["text", "brand", "品牌", "", "", ""],
        ["text", "number_of_it", "编号", "", "${brand} != ''", ""],
        ["end_group", "", "", "", "", ""],
    )

    asked = {"item": "gas", "eq": True}
    assert [item.get("show_when") for item in items(form)] == [
        None,
        asked,
        {"and": [asked, {"item": "brand", "answered": True}]},
    ]
    assert [(one.cell.row, one.cell.text) for one in left_out(form) if one.cell.row == 3] == [(3, "详情")]


def test_foreign_names_are_taken_as_names_that_checklists_know_and_that_is_told() -> None:
    lists = [["list_name", "name", "label"], ["size", "1", "小"], ["size", "Very-Large", "大"]]
    form = read(
        ["select_one size", "Tank-Size", "罐", "", "", ""],
        ["text", "why", "原因", "", "selected(${Tank-Size}, 'Very-Large') or ${Tank-Size} = 1", ""],
        choices=lists,
    )

    tank, why = items(form)
    assert (tank["code"], [one["code"] for one in tank["choices"]]) == ("tank_size", ["c_1", "very_large"])
    assert why["show_when"] == {"item": "tank_size", "any_of": ["very_large", "c_1"]}
    told = {one.cell.text: one.detail for one in left_out(form)}
    assert told["Tank-Size"] == "It is taken as tank_size."


@pytest.mark.parametrize(
    ("rows", "where"),
    [
        ([["calculate", "sum", ""]], ("survey", 2, "type")),
        ([["audio", "sound", "录音"]], ("survey", 2, "type")),
        ([["select_one nothing", "a", "甲"]], ("survey", 2, "type")),
        ([["select_one kind or_other", "a", "甲"]], ("survey", 2, "type")),
        ([["text", "测试", "甲"]], ("survey", 2, "name")),
        ([["text", "a", ""]], ("survey", 2, "label")),
        ([["text", "a", "甲" * 201]], ("survey", 2, "label")),
        ([["text", "a", "甲", "perhaps"]], ("survey", 2, "required")),
        ([["text", "a", "甲", "", "${b} = 1"]], ("survey", 2, "relevant")),
        ([["text", "a", "甲", "", "once(today())"]], ("survey", 2, "relevant")),
        ([["text", "a", "甲", "", "${a} ="]], ("survey", 2, "relevant")),
        ([["text", "a", "甲", "", "(" * 5000]], ("survey", 2, "relevant")),
        ([["text", "a", "甲", "", "(" * 900]], ("survey", 2, "relevant")),
        ([["begin_repeat", "a", "甲"]], ("survey", 2, "type")),
        ([["text", "a", "甲"], ["end_group"]], ("survey", 3, "type")),
        ([["text", "a", "甲"], ["text", "a", "乙"]], ("survey", 3, "name")),
        (
            [["begin_repeat", "a", "甲"], ["begin_repeat", "b", "乙"], ["text", "c", "丙"]],
            ("survey", 2, "type"),
        ),
        ([], ("survey", 2, "type")),
    ],
)
def test_what_cannot_be_taken_is_told_by_sheet_row_and_column(
    rows: list[list[str]], where: tuple[str, int, str]
) -> None:
    form = read(*rows)

    assert form.document is None
    assert where in stopping(form)
    assert all(one.detail and one.detail_zh for one in form.troubles)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (["text", "a", "甲", "", "", "regex(., '[0-9]+')"], "constraint"),
        (["date", "a", "甲", "", "", ". <= today()"], "constraint"),
        (["text", "a", "甲 ${b}"], "label"),
        (["text", "a", "甲", "${b} = 1 and ${c} = 2"], "required"),
    ],
)
def test_what_a_checklist_can_be_without_is_left_out_and_told(row: list[str], column: str) -> None:
    form = read(row)

    assert len(items(form)) == 1
    assert (2, column) in [(one.cell.row, one.cell.column) for one in left_out(form)]


def test_columns_and_rows_that_are_not_taken_are_told() -> None:
    titles = [*TITLES, "hint", "choice_filter", "label::Swahili (sw)"]
    form = read(
        ["start", "start"],
        ["note", "hello", "您好"],
        ["select_one kind", "kind", "气源", "yes", "", "", "看铭牌", "x=1", "gesi"],
        titles=titles,
    )

    assert [item["code"] for item in items(form)] == ["kind"]
    told = {(one.cell.row, one.cell.column) for one in left_out(form)}
    assert told >= {(1, "hint"), (4, "choice_filter"), (1, "label::Swahili (sw)"), (2, "type"), (3, "type")}


def test_without_settings_or_survey_the_missing_sheet_is_named() -> None:
    assert ("settings", 2, "form_id") in stopping(read(["text", "a", "甲"], settings=[]))
    assert ("survey", 1, "type") in stopping(read_form({"settings": HEAD}, today=TODAY))
    twice = read(["text", "a", "甲", "乙"], titles=["type", "name", "label", "label"])
    assert "C1, D1" in next(one.detail for one in twice.troubles if one.cell.row == 1 and one.stops)


FIELD_FORMS = {
    "hotosm__slum_assessment_survey.xlsx": {("survey", 13), ("survey", 59), ("choices", 760)},
    "hotosm__building_natural_risks_survey.xlsx": {("survey", 13), ("survey", 14), ("survey", 18)},
    "pyxform__UCL_Biomass_Plot_Form.xlsx": {("survey", 16), ("survey", 26)},
    "pyxform__bad_calc.xlsx": {("survey", 2)},
    "pyxform__duplicate_columns.xlsx": {("survey", 1)},
    "pyxform__xl_date_ambiguous.xlsx": {("survey", 4)},
    "pyxform__or_other.xlsx": {("survey", 2)},
    "pyxform__loop.xlsx": {("survey", 3), ("survey", 5)},
    "pyxform__widgets.xls": {("survey", 6), ("survey", 12)},
    "pyxform__choice_filter_test.xlsx": {("choices", 6)},
}


def test_forms_used_in_the_field_are_read_to_the_cell_that_stops_them(shared_data: Path) -> None:
    for name, cells in FIELD_FORMS.items():
        book = read_book(shared_data / "xlsforms" / name, name, ("survey", "choices", "settings"))
        form = read_form(book, today=TODAY)

        assert form.document is None
        assert cells <= {(one.cell.sheet, one.cell.row) for one in form.troubles if one.stops}, name


def test_a_form_used_in_the_field_is_a_checklist_once_its_six_cells_are_mended(shared_data: Path) -> None:
    name = "hotosm__building_natural_risks_survey.xlsx"
    book = read_book(shared_data / "xlsforms" / name, name, ("survey", "choices", "settings"))
    survey = [row for number, row in enumerate(book["survey"], 1) if number not in (13, 14, 15)]
    at = survey[0].index("relevant")
    mended = [[*row[:at], "", *row[at + 1 :]] if "${feature}" in row[at] else row for row in survey]
    settings = [
        [cell if cell != book["settings"][1][1] else "T20" for cell in row] for row in book["settings"]
    ]

    form = read_form({**book, "survey": mended, "settings": settings}, today=TODAY)

    assert form.document is not None, [one.told() for one in form.troubles if one.stops]
    template = template_from_document(json.loads(json.dumps(form.document)))
    assert len(template.items) > 20
    assert read_form(form_of(template.document), today=TODAY).document == form.document
