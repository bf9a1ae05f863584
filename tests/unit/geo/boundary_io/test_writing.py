"""Files as they are written: whole or not at all, readable by GDAL's own tools, honest about what was cut."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pyogrio
import pytest
import shapely

from geo.boundary_io.model import FORMATS, Format
from geo.boundary_io.writing import How, Placed, write

HERE = shapely.box(117.27, 35.66, 117.28, 35.67)
TOO_LITTLE_BYTES = 30_000
FULL = """
import resource, sys
from pathlib import Path
import shapely
from geo.boundary_io.writing import How, Placed, write
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
rows = [Placed({"name": f"place {n}"}, shapely.box(117, 35, 118, 36)) for n in range(4000)]
try:
    write(Path(sys.argv[1]), rows, {"name": "text"}, How(sys.argv[2], "wgs84", "a", "polygon"))
except OSError:
    sys.exit(3)
"""


def _path(file: Path, form: Format) -> str:
    return f"/vsizip/{file}" if form == "shapefile" else str(file)


@pytest.mark.parametrize("form", FORMATS)
def test_a_disk_without_room_is_an_error_and_never_a_shorter_file(tmp_path: Path, form: Format) -> None:
    words = [str(tmp_path / "a"), form, str(TOO_LITTLE_BYTES)]

    done = subprocess.run([sys.executable, "-c", FULL, *words], check=False, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (3, "")
    assert [left.name for left in tmp_path.iterdir() if left.is_dir()] == []
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != TOO_LITTLE_BYTES


@pytest.mark.parametrize(
    ("form", "names"),
    [("geojson", ["neighbourhood_code", "floors"]), ("shapefile", ["neighbourh", "floors"])],
)
def test_gdal_finds_fields_and_features(tmp_path: Path, form: Format, names: list[str]) -> None:
    file = tmp_path / f"a{FORMATS[form]}"
    rows = [Placed({"neighbourhood_code": "370831001001", "floors": floors}, HERE) for floors in (6, None)]

    write(file, rows, {"neighbourhood_code": "text", "floors": "whole"}, How(form, "wgs84", "a", "polygon"))

    about = pyogrio.read_info(_path(file, form))
    assert (list(about["fields"]), about["features"], about["crs"]) == (names, 2, "EPSG:4326")


@pytest.mark.parametrize("form", FORMATS)
def test_ogrinfo_reads_what_was_written(tmp_path: Path, form: Format) -> None:
    if shutil.which("ogrinfo") is None:
        pytest.skip("ogrinfo is not installed: apt-get install gdal-bin")
    file = tmp_path / f"a{FORMATS[form]}"
    write(file, [Placed({"name": "甲"}, HERE)], {"name": "text"}, How(form, "wgs84", "a", "polygon"))

    told = subprocess.run(
        ["ogrinfo", "-ro", "-al", "-so", _path(file, form)], check=True, capture_output=True, text=True
    )

    assert "Feature Count: 1" in told.stdout


def test_values_that_a_shapefile_cannot_hold_are_counted(tmp_path: Path) -> None:
    rows = [Placed({"name": name}, HERE) for name in ("甲", "甲" * 200, "𠮷")]
    how = How("shapefile", "wgs84", "a", "polygon", "GBK")

    assert write(tmp_path / "a.zip", rows, {"name": "text"}, how) == 2
    assert write(tmp_path / "b.zip", rows[:1], {"name": "text"}, how) == 0


@pytest.mark.parametrize("form", ["geojson", "gpkg", "csv"])
def test_outer_rings_are_written_anticlockwise_however_they_were_kept(tmp_path: Path, form: Format) -> None:
    file = tmp_path / f"a{FORMATS[form]}"
    clockwise = shapely.box(117.27, 35.66, 117.28, 35.67, ccw=False)

    write(file, [Placed({"name": "甲"}, clockwise)], {"name": "text"}, How(form, "wgs84", "a", "polygon"))

    if form == "csv":
        written = shapely.from_wkt(file.read_text(encoding="utf-8-sig").split('"')[1])
    else:
        written = shapely.from_wkb(pyogrio.raw.read(str(file))[2][0])
    assert shapely.is_ccw(shapely.get_exterior_ring(shapely.get_geometry(written, 0)))
