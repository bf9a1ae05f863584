"""Files of places as they come: honest ones in every encoding, and those that are damaged, odd or hostile."""

from __future__ import annotations

import csv
import gzip
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pyogrio import raw

from geo.boundary_io import reading
from geo.boundary_io.errors import (
    NoGeometry,
    SeveralTables,
    TooManyFeatures,
    UnknownReference,
    UnreadablePlaces,
)
from geo.boundary_io.model import Feature
from geo.boundary_io.packed import told_name
from geo.boundary_io.reading import opened
from geo.errors import GeoError

HERE = shapely.box(117.27, 35.66, 117.28, 35.67)
NAME = "锦绣花园一期（北区）"


def geojson(*geometries: dict[str, Any] | None, **more: Any) -> str:
    features = [{"type": "Feature", "properties": {"name": NAME}, "geometry": one} for one in geometries]
    return json.dumps({"type": "FeatureCollection", "features": features, **more}, ensure_ascii=False)


def a_shapefile(
    folder: Path, *, encoding: str = "GBK", cpg: str | None = None, crs: str = "EPSG:4326"
) -> Path:
    """Write a zipped Shapefile of one polygon; without `cpg` it says nothing of its encoding."""
    inner = folder / "shp"
    inner.mkdir()
    raw.write(
        str(inner / "a.shp"),
        shapely.to_wkb(np.asarray([HERE], dtype=object)),
        [np.asarray([NAME], dtype=object)],
        ["name"],
        geometry_type="Polygon",
        crs=crs,
        driver="ESRI Shapefile",
        encoding=encoding,
    )
    (inner / "a.cpg").unlink()
    if cpg is not None:
        (inner / "a.cpg").write_text(cpg, "ascii")
    return zipped(folder / "a.zip", inner)


def zipped(file: Path, folder: Path, *, twice: bool = False) -> Path:
    with zipfile.ZipFile(file, "w") as packed:
        for part in sorted(folder.iterdir()):
            packed.write(part, f"数据/小区{part.suffix}")
            if twice:
                packed.write(part, f"数据/楼栋{part.suffix}")
    return file


def features_of(file: Path, **more: Any) -> list[Feature]:
    with opened(file, **more) as source:
        return list(source.features)


@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
@pytest.mark.parametrize("cpg", [None, "right", "wrong"])
def test_chinese_words_of_a_shapefile_are_read_whatever_it_says_of_them(
    tmp_path: Path, encoding: str, cpg: str | None
) -> None:
    other = {"GBK": "UTF-8", "UTF-8": "936"}[encoding]
    told = {None: None, "right": encoding, "wrong": other}[cpg]
    file = a_shapefile(tmp_path, encoding=encoding, cpg=told)

    with opened(file) as source:
        found = list(source.features)

    if (encoding, cpg) == ("UTF-8", "wrong") and source.encoding == "GBK":
        # These bytes happen to be words of GBK, too: what the file says of itself then holds.
        return
    assert (source.format, source.encoding) == ("shapefile", encoding)
    assert [one.properties for one in found] == [{"name": NAME}]
    assert found[0].geometry is not None
    assert found[0].geometry.equals(HERE)


def test_a_file_in_metres_is_read_in_degrees_and_proves_its_datum(tmp_path: Path) -> None:
    inner = tmp_path / "shp"
    inner.mkdir()
    square = shapely.box(524500, 3950000, 524600, 3950100)
    raw.write(
        str(inner / "a.shp"),
        shapely.to_wkb(np.asarray([square], dtype=object)),
        [np.asarray([NAME], dtype=object)],
        ["name"],
        geometry_type="Polygon",
        crs="EPSG:4548",
        driver="ESRI Shapefile",
        encoding="UTF-8",
    )

    with opened(zipped(tmp_path / "a.zip", inner)) as source:
        found = next(source.features).geometry

    assert source.datum == "cgcs2000"
    assert found is not None
    assert shapely.box(117.26, 35.66, 117.29, 35.69).contains(found)


def test_rows_without_geometry_and_with_heights_are_read(tmp_path: Path) -> None:
    file = tmp_path / "a.geojson"
    file.write_text(geojson(None, {"type": "Point", "coordinates": [117.27, 35.66, 88]}), "utf-8")

    with opened(file) as source:
        empty, flat = source.features

    assert source.heights
    assert (empty.geometry, empty.unreadable) == (None, "")
    assert flat.geometry is not None
    assert not flat.geometry.has_z


def test_a_file_without_features_is_an_empty_file(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_text(geojson(), "utf-8")

    assert features_of(file) == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        (["名称", "经度", "纬度"], [NAME, "117.27", "35.66"]),
        (["名称", "lat", "LON"], [NAME, "35.66", "117.27"]),
        (["WKT", "名称"], ["POINT Z (117.27 35.66 5)", NAME]),
    ],
)
def test_a_csv_names_its_positions_in_several_ways(
    tmp_path: Path, encoding: str, heading: list[str], cells: list[str]
) -> None:
    file = tmp_path / "a.csv"
    with file.open("w", encoding=encoding, newline="") as out:
        csv.writer(out).writerows([heading, cells, ["" for _ in cells]])

    found = features_of(file)

    assert found == [Feature(2, {"名称": NAME}, shapely.Point(117.27, 35.66))]


def test_a_row_of_a_csv_whose_position_is_none_is_told(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("name,lon,lat\na,here,there\nb,,\n", "utf-8")

    first, second = features_of(file)

    assert (first.geometry, first.unreadable) == (None, "'here there' is no position")
    assert (second.geometry, second.unreadable) == (None, "")


def test_one_of_several_tables_is_named(tmp_path: Path) -> None:
    a_shapefile(tmp_path, cpg="GBK")
    both = zipped(tmp_path / "both.zip", tmp_path / "shp", twice=True)

    with pytest.raises(SeveralTables) as stopped, opened(both):
        pass

    assert stopped.value.extra["tables"] == ["小区", "楼栋"]
    assert len(features_of(both, table="楼栋")) == 1


def test_names_that_windows_wrote_into_a_zip_are_read() -> None:
    part = zipfile.ZipInfo("小区.shp".encode("gbk").decode("cp437"))

    assert told_name(part) == "小区.shp"


def _truncated(folder: Path) -> Path:
    file = a_shapefile(folder)
    file.write_bytes(file.read_bytes()[:-200])
    return file


def _without_dbf(folder: Path) -> Path:
    a_shapefile(folder)
    (folder / "shp" / "a.shx").unlink()
    (folder / "shp" / "a.shp").write_bytes(b"\x00\x00\x27\x0a" + b"\0" * 40)
    return zipped(folder / "b.zip", folder / "shp")


def _text(content: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        file = folder / "a.bin"
        file.write_bytes(content)
        return file

    return make


def _zip_of(name: str, content: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        file = folder / "a.zip"
        with zipfile.ZipFile(file, "w") as packed:
            packed.writestr(name, content)
        return file

    return make


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (_truncated, UnreadablePlaces),
        (_without_dbf, UnreadablePlaces),
        (_text(b""), UnreadablePlaces),
        (_text(b"\x89PNG\r\n\x1a\n\0\0"), UnreadablePlaces),
        (_text(b'{"type":"FeatureCollection","features":['), UnreadablePlaces),
        (_text(b'{"type":"Feat'), UnreadablePlaces),
        (_text(b'{"hello": 1}'), UnreadablePlaces),
        (_text(b"SQLite format 3\x00" + b"\0" * 600), UnreadablePlaces),
        (_text(b"name,floors\na,3\n"), NoGeometry),
        (_text(b"\xff\xfe\xfa\x81,lon\n"), UnreadablePlaces),
        (_text(gzip.compress(b"{}")[:-4]), UnreadablePlaces),
        (_zip_of("readme.txt", b"hello"), UnreadablePlaces),
        (_zip_of("../../a.geojson", b"{"), UnreadablePlaces),
        (lambda folder: a_shapefile(folder, crs="EPSG:4214"), UnknownReference),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_a_sentence(
    tmp_path: Path, make: Callable[[Path], Path], kind: type[GeoError]
) -> None:
    with pytest.raises(kind) as stopped:
        features_of(make(tmp_path))

    assert stopped.value.detail_zh
    assert str(tmp_path) not in stopped.value.detail
    assert "/tmp" not in stopped.value.detail


def test_a_zip_that_unfolds_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo.boundary_io.packed.MOST_UNPACKED_BYTES", 100)

    with pytest.raises(UnreadablePlaces, match="unfolds to too much"):
        features_of(a_shapefile(tmp_path))


def test_more_features_than_one_import_takes_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_FEATURES", 1)
    file = tmp_path / "a.geojson"
    file.write_text(geojson(None, None), "utf-8")

    with pytest.raises(TooManyFeatures):
        features_of(file)


def test_a_file_is_read_in_batches_without_a_row_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "BATCH", 7)
    file = tmp_path / "a.geojson"
    points = [{"type": "Point", "coordinates": [117 + number / 1000, 35]} for number in range(50)]
    file.write_text(geojson(*points), "utf-8")

    found = features_of(file)

    assert [one.row for one in found] == list(range(1, 51))
    assert [round((one.geometry.bounds[0] - 117) * 1000) for one in found if one.geometry] == list(range(50))


def test_ten_thousand_outlines_are_read_in_little_memory(tmp_path: Path) -> None:
    ring = [[117 + n / 1e4, 35 + (n % 2) / 1e4] for n in range(60)]
    shape = {"type": "Polygon", "coordinates": [[*ring, [117.1, 36], ring[0]]]}
    file = tmp_path / "a.geojson"
    file.write_text(geojson(*[shape] * 10_000), "utf-8")
    reads = (
        "import resource, sys; from pathlib import Path; from geo.boundary_io.reading import opened\n"
        "resource.setrlimit(resource.RLIMIT_DATA, (400 << 20, 400 << 20))\n"
        "with opened(Path(sys.argv[1])) as source: print(sum(1 for _ in source.features))"
    )

    done = subprocess.run(
        [sys.executable, "-c", reads, str(file)], check=False, capture_output=True, text=True
    )

    assert (done.stdout.strip(), done.stderr) == ("10000", "")
