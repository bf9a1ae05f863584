"""Making a picture in which nobody and no number plate can be known again, from a thumbnail."""

from __future__ import annotations

import io
from pathlib import Path

FROM_PX = 240
"""The thumbnail that is blurred: never the original."""
SMOOTH_PX = 3
KEPT_PX = 72
SHOWN_PX = 480
MARK = "published"


def blurred(thumbnail: Path) -> bytes:
    """Return a JPEG that holds no more than `KEPT_PX` points along its longer side.

    What is thrown away is gone: the picture is made so small first that a face is two or three points wide,
    and only then drawn larger and smooth. A blur over a sharp picture could in part be undone.
    """
    # Loaded at the first picture: most web processes never make one.
    from PIL import Image, ImageFilter

    with Image.open(thumbnail) as image:
        # Smoothed before it shrinks: else fine strokes would come back as coarse ones.
        small = image.convert("RGB").filter(ImageFilter.GaussianBlur(SMOOTH_PX))
    small.thumbnail((KEPT_PX, KEPT_PX), Image.Resampling.BOX)
    scale = SHOWN_PX / max(small.size)
    size = (max(1, round(small.width * scale)), max(1, round(small.height * scale)))
    shown = small.resize(size, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(3))
    out = io.BytesIO()
    shown.save(out, "JPEG", quality=70, optimize=True)
    return out.getvalue()
