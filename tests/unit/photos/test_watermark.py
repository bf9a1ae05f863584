import io
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from server.photos import watermark
from server.photos.errors import PhotoUnreadable
from server.photos.watermark import LONGEST_PX, chinese_font, draw, stamped
from tests.pictures import jpeg

LINES = [
    "拍摄：2026-11-20 09:30:00 +08:00",
    "地点：泗河花园 · 网格 370831001003001 · 案卷坐标 117.27360, 35.65710",
    "人员：张三",
    "案卷：370831-2026-000001",
]
MAX_PIXELS = 100_000_000


def _file(tmp_path: Path, content: bytes) -> Path:
    file = tmp_path / "photo"
    file.write_bytes(content)
    return file


def _picture(size: tuple[int, int]) -> Image.Image:
    return Image.open(io.BytesIO(jpeg(1, size))).convert("RGB")


def _changed(before: Image.Image, after: Image.Image) -> tuple[int, int, int, int]:
    box = ImageChops.difference(before, after).getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize("size", [(1600, 1200), (1200, 1600), (900, 1600), (640, 480), (320, 240)])
def test_drawing_keeps_the_size_and_changes_only_a_band_at_the_bottom(size: tuple[int, int]) -> None:
    before = _picture(size)
    kept = before.copy()

    after = draw(before, LINES, chinese_font())

    left, top, right, bottom = _changed(kept, after)
    assert after.size == size
    assert (left, right, bottom) == (0, *size)
    assert top >= size[1] / 2
    assert ImageChops.difference(before, kept).getbbox() is None, "the given picture stays as it was"


@pytest.mark.parametrize("size", [(1, 1), (16, 900), (900, 16), (64, 48)])
def test_a_picture_too_small_for_the_lines_is_still_drawn(size: tuple[int, int]) -> None:
    assert draw(_picture(size), LINES, chinese_font()).size == size


def test_without_a_chinese_font_the_rest_is_drawn_and_the_log_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(watermark, "FOLDERS", ())
    before = _picture((800, 600))

    after = draw(before, LINES, chinese_font())

    assert after.size == before.size
    assert _changed(before, after)[1] >= 300
    assert "left out" in capsys.readouterr().out


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_copy_stands_upright_and_says_nothing_of_the_camera(tmp_path: Path, orientation: int) -> None:
    file = _file(tmp_path, jpeg(1, (600, 400), orientation=orientation))
    before = file.read_bytes()

    copy = Image.open(io.BytesIO(stamped(file, LINES, max_pixels=MAX_PIXELS)))

    assert copy.format == "JPEG"
    assert copy.size == ((400, 600) if orientation >= 5 else (600, 400))
    assert not dict(copy.getexif())
    assert file.read_bytes() == before


def test_no_side_of_the_copy_is_longer_than_the_limit(tmp_path: Path) -> None:
    file = _file(tmp_path, jpeg(1, (4000, 3000)))

    copy = Image.open(io.BytesIO(stamped(file, LINES, max_pixels=MAX_PIXELS)))

    assert copy.size == (LONGEST_PX, LONGEST_PX * 3 // 4)


@pytest.mark.parametrize(
    ("content", "max_pixels", "reason"),
    [
        (jpeg(1, (320, 240))[:900], MAX_PIXELS, "damaged"),
        (b"no picture", MAX_PIXELS, "damaged"),
        (jpeg(1, (320, 240)), 320 * 240 - 1, "too-many-pixels"),
    ],
)
def test_what_cannot_be_decoded_tells_why(
    tmp_path: Path, content: bytes, max_pixels: int, reason: str
) -> None:
    with pytest.raises(PhotoUnreadable) as told:
        stamped(_file(tmp_path, content), LINES, max_pixels=max_pixels)

    assert told.value.reason == reason
