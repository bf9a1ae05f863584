import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from server.photos.derive import derive
from tests.pictures import jpeg

MAX_PIXELS = 100_000_000
# Its position stands in a maker's own segment, not in EXIF.
NOT_IN_EXIF = {"drew__jpg_FLIR_iPhone_device.jpg"}
# Its clean aperture crops it; the reference tells the size before the crop.
CROPPED = {"pheif__tests_images_heif_other_RGB_8_chroma444.heif"}


def _file(tmp_path: Path, content: bytes) -> Path:
    file = tmp_path / "photo"
    file.write_bytes(content)
    return file


def _opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_thumbnails_are_made_in_three_sizes_and_never_larger_than_the_photo(tmp_path: Path) -> None:
    found = derive(_file(tmp_path, jpeg(1, (1000, 500))), max_pixels=MAX_PIXELS)

    sizes = {px: _opened(content).size for px, content in found.thumbnails.items()}
    assert sizes == {240: (240, 120), 640: (640, 320), 1280: (1000, 500)}
    assert (found.width, found.height, found.refused_because) == (1000, 500, None)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_thumbnails_stand_upright_and_say_nothing_of_the_camera(tmp_path: Path, orientation: int) -> None:
    found = derive(_file(tmp_path, jpeg(1, (600, 400), orientation=orientation)), max_pixels=MAX_PIXELS)

    small = _opened(found.thumbnails[240])
    assert small.size == ((160, 240) if orientation >= 5 else (240, 160))
    assert not dict(small.getexif())
    assert (found.width, found.height, found.exif.orientation) == (600, 400, orientation)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"])
def test_every_way_of_storing_colours_becomes_a_thumbnail(tmp_path: Path, mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (300, 200)).save(out, "JPEG" if mode == "CMYK" else "PNG")

    found = derive(_file(tmp_path, out.getvalue()), max_pixels=MAX_PIXELS)

    assert found.refused_because is None
    assert _opened(found.thumbnails[240]).size == (240, 160)


def test_a_bomb_of_pixels_is_refused_without_being_unpacked(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    content = out.getvalue()

    found = derive(_file(tmp_path, content), max_pixels=MAX_PIXELS)

    assert len(content) < 100_000
    assert (found.refused_because, found.thumbnails) == ("too-many-pixels", {})
    assert (found.width, found.height) == (20_000, 20_000)


@pytest.mark.parametrize("kept", [0, 2, 20, 700, 2000])
def test_a_damaged_photo_is_refused_with_the_reason(tmp_path: Path, kept: int) -> None:
    found = derive(_file(tmp_path, jpeg(1, (320, 240))[:kept]), max_pixels=MAX_PIXELS)

    assert (found.refused_because, found.thumbnails) == ("damaged", {})


def test_the_time_of_a_camera_without_offset_is_local_time(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2026:11:22 16:00:00"
    out = io.BytesIO()
    Image.new("RGB", (40, 30)).save(out, "JPEG", exif=exif)

    found = derive(_file(tmp_path, out.getvalue()), max_pixels=MAX_PIXELS)

    assert found.exif.taken_at == datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    assert found.exif.said["taken"] == "2026:11:22 16:00:00"


@pytest.mark.parametrize(
    ("lat", "lon"),
    [((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)), ((99.0, 0.0, 0.0), (10.0, 0.0, 0.0)), ((1.0, 2.0), (3.0, 4.0))],
)
def test_an_impossible_position_or_zero_zero_counts_as_none(
    tmp_path: Path, lat: tuple[float, ...], lon: tuple[float, ...]
) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: lat, 3: "E", 4: lon})
    out = io.BytesIO()
    Image.new("RGB", (40, 30)).save(out, "JPEG", exif=exif)

    found = derive(_file(tmp_path, out.getvalue()), max_pixels=MAX_PIXELS)

    assert (found.exif.lon, found.exif.lat) == (None, None)


def test_what_cameras_wrote_is_read_as_an_independent_reader_reads_it(shared_data: Path) -> None:
    folder = shared_data / "photos"
    with open(folder / "expected.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    for row in rows:
        found = derive(folder / "files" / row["file"], max_pixels=MAX_PIXELS)
        assert (found.refused_because is None) == (row["pillow_opens"] == "yes"), row["file"]
        if found.refused_because is None and row["file"] not in NOT_IN_EXIF:
            size = (str(found.width), str(found.height))
            assert row["file"] in CROPPED or size == (row["width"], row["height"]), row["file"]
            assert str(found.exif.orientation or "") == row["orientation"], row["file"]
            assert (found.exif.said.get("taken") or "")[:19] == row["datetime_original"][:19], row["file"]
            _check_position(found.exif.lon, found.exif.lat, row)


def _check_position(lon: float | None, lat: float | None, row: dict[str, str]) -> None:
    written = [float(row[name]) for name in ("gps_lon", "gps_lat") if row[name]]
    if any(written):
        assert [lon, lat] == pytest.approx(written, abs=1e-6), row["file"]
    else:
        assert (lon, lat) == (None, None), row["file"]
