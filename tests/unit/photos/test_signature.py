import pytest

from server.photos.signature import content_type_of

HEIC = b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic"


@pytest.mark.parametrize(
    ("head", "content_type"),
    [
        (b"\xff\xd8\xff\xe1\x00\x10Exif", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (HEIC, "image/heic"),
        (b"\x00\x00\x00\x14ftypabcd\x00\x00\x00\x00heic", "image/heic"),
        (b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00avifmiaf", None),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42", None),
        (b"GIF89a", None),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", None),
        (b"just words", None),
        (b"\xff\xd8", None),
        (b"", None),
    ],
)
def test_a_picture_is_told_by_its_first_bytes(head: bytes, content_type: str | None) -> None:
    assert content_type_of(head) == content_type
