"""Photos of an old ledger: in a zip, in a folder, in the cells of the workbook."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from sqlalchemy import text

from server.ledger.verify import verify
from server.photos.store import Folder
from server.sheets.errors import TableFaulty, UnreadableTable
from tests.integration.ledger.acting import Cast
from tests.integration.sheets.reading import Perform
from tests.integration.sheets.tables import a_row, a_table, take
from tests.pictures import jpeg, sha256

BEFORE, AFTER, CHECK = (jpeg(seed, (64, 48)) for seed in (1, 2, 3))
FILES = {"整改前/一.jpg": BEFORE, "二.JPG": AFTER, "check.jpg": CHECK}
NAMES = {"整改前照片": "整改前/一.jpg", "整改后照片": "二.jpg", "核查照片": "check.jpg"}
OPEN = {"案卷号": "2024-18", "销号日期": "", "状态": "未销号"}


def a_zip(folder: Path, files: Mapping[str, bytes] = FILES) -> Path:
    file = folder / "照片.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file


def a_workbook(folder: Path, row: Mapping[str, str], pictures: Mapping[str, bytes]) -> Path:
    """Return a workbook whose only row has pictures floating over cells."""
    file = folder / "旧台账.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet("台账")
        for at, title in enumerate([*row, *pictures]):
            sheet.write_string(0, at, title)
            sheet.write_string(1, at, row.get(title, ""))
        for at, content in enumerate(pictures.values(), start=len(row)):
            sheet.insert_image(1, at, "a.jpg", {"image_data": BytesIO(content)})
    return file


def claims(cast: Cast) -> list[Any]:
    with cast.county.transaction() as session:
        return [
            (bytes(row.sha256), row.role, row.state)
            for row in session.execute(
                text(
                    "SELECT c.sha256, role, state FROM server.photo_claim c JOIN server.photo USING (sha256)"
                    " WHERE entity = 'case' ORDER BY role"
                )
            )
        ]


def kept(cast: Cast, content: bytes) -> bool:
    original = Folder(cast.county.settings.photo_store).original(sha256(content))
    return original.is_file() and original.read_bytes() == content


def left_over(cast: Cast) -> list[Path]:
    return list((cast.county.settings.photo_store / "incoming").iterdir())


ALL_THREE = [
    (sha256(AFTER), "after", "stored"),
    (sha256(BEFORE), "before", "stored"),
    (sha256(CHECK), "check", "stored"),
]


@pytest.mark.parametrize("form", ["zip", "folder"])
def test_named_photos_are_stored_byte_for_byte_as_before_after_and_check(
    cast: Cast, tmp_path: Path, form: str
) -> None:
    beside = a_zip(tmp_path)
    if form == "folder":
        with zipfile.ZipFile(beside) as archive:
            archive.extractall(tmp_path / "照片")
        beside = tmp_path / "照片"

    taken = take(cast, a_table(tmp_path, [a_row(cast, **NAMES)]), photos=beside)

    assert taken.photos == 3
    assert claims(cast) == ALL_THREE
    assert all(kept(cast, content) for content in (BEFORE, AFTER, CHECK))
    assert left_over(cast) == []
    with cast.county.database.snapshot() as session:
        assert verify(session).cases == 1


def test_pictures_in_the_cells_of_a_workbook_are_taken_in(cast: Cast, tmp_path: Path) -> None:
    pictures = {"整改前照片": BEFORE, "整改后照片": AFTER, "核查照片": CHECK}

    take(cast, a_workbook(tmp_path, a_row(cast), pictures))

    assert claims(cast) == ALL_THREE


def test_pictures_that_wps_puts_into_cells_are_taken_in(cast: Cast, tmp_path: Path) -> None:
    row = a_row(cast)
    plain = a_workbook(tmp_path, {**row, "整改前照片": ""}, {})
    file = tmp_path / "wps.xlsx"
    column = chr(ord("A") + len(row))
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(file, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            if part == "xl/worksheets/sheet1.xml":
                formula = '_xlfn.DISPIMG("ID_1",1)'
                cell = f'<c r="{column}2" t="str"><f>{formula}</f><v>={formula}</v></c>'
                content = content.replace(b"</row></sheetData>", f"{cell}</row></sheetData>".encode())
            new.writestr(part, content)
        new.writestr("xl/media/image1.jpg", BEFORE)
        new.writestr(
            "xl/_rels/cellimages.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="rId1" Type="image" Target="media/image1.jpg"/></Relationships>',
        )
        new.writestr(
            "xl/cellimages.xml",
            '<etc:cellImages xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"'
            ' xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"'
            ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
            ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><etc:cellImage><xdr:pic>'
            '<xdr:nvPicPr><xdr:cNvPr id="1" name="ID_1"/></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="rId1"/>'
            "</xdr:blipFill></xdr:pic></etc:cellImage></etc:cellImages>",
        )

    take(cast, file)

    assert claims(cast) == [(sha256(BEFORE), "before", "stored")]


def test_names_written_by_windows_without_saying_so_are_understood(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "照片.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xxxx.jpg", BEFORE)
    file.write_bytes(file.read_bytes().replace(b"xxxx", "楼前".encode("gb18030")))

    take(cast, a_table(tmp_path, [a_row(cast, 整改前照片="楼前.jpg")]), photos=file)

    assert claims(cast) == [(sha256(BEFORE), "before", "stored")]


@pytest.mark.parametrize(
    ("files", "named", "detail"),
    [
        ({"a.jpg": BEFORE}, "b.jpg", "there is no file b.jpg beside the table"),
        ({"a.jpg": BEFORE}, "../../etc/passwd", "there is no file ../../etc/passwd beside the table"),
        ({"a.jpg": b"this is no picture"}, "a.jpg", "a.jpg is no JPEG, PNG, WebP or HEIC"),
        ({"a.jpg": b""}, "a.jpg", "a.jpg is no JPEG, PNG, WebP or HEIC"),
        ({"a.jpg": b"\xff\xd8\xff" + bytes(1_100_000)}, "a.jpg", "a.jpg is larger than 0 MB"),
        ({"1/a.jpg": BEFORE, "2/a.jpg": AFTER}, "a.jpg", "a.jpg is the name of several files"),
        ({"a.jpg": BEFORE}, ";".join(["a.jpg"] * 21), "names more than 20 photos"),
    ],
)
def test_a_photo_that_cannot_be_taken_refuses_its_row(
    cast: Cast, tmp_path: Path, files: dict[str, bytes], named: str, detail: str
) -> None:
    beside = a_zip(tmp_path, files)
    bad, good = a_row(cast, 整改前照片=named), a_row(cast, 案卷号="good")
    table = a_table(tmp_path, [bad, good])

    with pytest.raises(TableFaulty) as told:
        take(cast, table, photos=beside)
    skipped = take(cast, table, photos=beside, skip_refused=True)

    assert [(one.row, one.column, one.detail) for one in told.value.faults] == [(2, "整改前照片", detail)]
    assert (skipped.refused_rows, skipped.closed_cases, skipped.photos) == (1, 1, 0)
    assert (claims(cast), left_over(cast)) == ([], [])


def test_one_bad_row_keeps_the_photos_of_the_good_ones_out_of_the_store(cast: Cast, tmp_path: Path) -> None:
    table = a_table(tmp_path, [a_row(cast, **NAMES), a_row(cast, 案卷号="2", 发现日期="?")])

    with pytest.raises(TableFaulty):
        take(cast, table, photos=a_zip(tmp_path))

    assert not kept(cast, BEFORE)
    assert left_over(cast) == []


def test_a_dry_run_looks_at_every_photo_and_keeps_none(cast: Cast, tmp_path: Path) -> None:
    lie = a_zip(tmp_path, {**FILES, "check.jpg": b"none"})

    taken = take(cast, a_table(tmp_path, [a_row(cast, **NAMES)]), photos=lie, dry_run=True)

    assert [fault.column for fault in taken.faults] == ["核查照片"]
    assert not kept(cast, BEFORE)


def test_a_name_that_leads_out_of_the_zip_writes_nothing_there(cast: Cast, tmp_path: Path) -> None:
    beside = a_zip(tmp_path, {"../../outside.jpg": BEFORE, "/tmp/absolute.jpg": AFTER})
    names = {"整改前照片": "../../outside.jpg", "整改后照片": "absolute.jpg"}

    take(cast, a_table(tmp_path, [a_row(cast, **names)]), photos=beside)

    assert kept(cast, BEFORE)
    assert not (tmp_path.parent.parent / "outside.jpg").exists()
    assert not Path("/tmp/absolute.jpg").exists()


def test_names_are_kept_as_words_where_no_files_come_along(cast: Cast, tmp_path: Path) -> None:
    take(cast, a_table(tmp_path, [a_row(cast, **NAMES)]))

    assert claims(cast) == []
    with cast.county.transaction() as session:
        words = session.execute(text("SELECT words FROM server.case_entry_private")).scalar_one()
    assert words["photos_before"] == "整改前/一.jpg"


def test_tablets_are_told_of_the_photos_of_open_cases_only(cast: Cast, tmp_path: Path) -> None:
    rows = [a_row(cast, **OPEN, **NAMES), a_row(cast, 整改前照片="check.jpg")]

    take(cast, a_table(tmp_path, rows), photos=a_zip(tmp_path))

    with cast.county.transaction() as session:
        bodies = list(
            session.execute(text("SELECT body FROM sync.entity_state WHERE entity = 'case'")).scalars()
        )
    assert [body["evidence"] for body in bodies] == [{"expected": 3, "received": 3, "missing": 0}]


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 damaged"])
def test_what_is_no_zip_is_said_to_be_none(cast: Cast, tmp_path: Path, content: bytes) -> None:
    beside = tmp_path / "照片.zip"
    beside.write_bytes(content)

    with pytest.raises(UnreadableTable):
        take(cast, a_table(tmp_path, [a_row(cast)]), photos=beside)


def test_a_table_is_sent_once_looked_into_tried_and_taken_in(
    cast: Cast, tmp_path: Path, perform: Perform
) -> None:
    table, beside = a_table(tmp_path, [a_row(cast, **NAMES)]), a_zip(tmp_path)
    ours, others = (cast.county.bearer(who) for who in (cast.headquarters, cast.dispatcher))
    with cast.county.client() as client:
        with table.open("rb") as content, beside.open("rb") as photos:
            form = {"file": (content, "旧台账.csv"), "photos": (photos, "照片.zip")}
            sent = client.post("/api/v1/ledger/tables", data=form, headers=ours).get_json()
        perform(sent["task_id"])
        looked = client.get(sent["status"], headers=ours).get_json()["answer"]

        def take_in(**fields: str) -> Any:
            form = {"table": sent["task_id"], **fields}
            asked = client.post("/api/v1/ledger/imports", data=form, headers=ours).get_json()
            perform(asked["task_id"])
            return client.get(asked["status"], headers=ours).get_json()

        tried = take_in(dry_run="true", save_mapping="泗河旧台账", mapping_json="{}")
        taken = take_in(mapping="泗河旧台账")
        mappings = client.get("/api/v1/ledger/mappings", headers=ours).get_json()["items"]
        fields = client.get("/api/v1/ledger/fields", headers=ours).get_json()["items"]
        listed = client.get("/api/v1/sheets?kind=ledger-import", headers=ours).get_json()["items"]
        foreign = client.post(
            "/api/v1/ledger/imports", data={"table": sent["task_id"]}, headers=others
        ).status_code
        lost = client.post("/api/v1/ledger/imports", data={"table": str(cast.community_id)}, headers=ours)

    assert looked["fields"]["发现日期"] == "found_at"
    assert looked["sample"][0]["问题描述"] == "3号楼前车辆占道"
    assert (tried["state"], tried["answer"]["photos"], tried["answer"]["dry_run"]) == ("done", 3, True)
    assert (taken["state"], taken["answer"]["photos"]) == ("done", 3)
    assert [one["name"] for one in mappings] == ["泗河旧台账"]
    assert {"name": "photos_before", "kind": "text"}.items() <= next(
        one for one in fields if one["name"] == "photos_before"
    ).items()
    assert [one["task_id"] for one in listed] == [taken["task_id"], tried["task_id"]]
    assert (foreign, lost.status_code) == (403, 404)
    assert claims(cast) == ALL_THREE
