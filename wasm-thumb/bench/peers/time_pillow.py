"""Pillow, with all that it has for speed: draft mode, and a box reduction before the resampling."""

import io

from PIL import Image
from PIL import __version__ as version

from worker import converse

SIDE = 100


def thumbnail(data):
    picture = Image.open(io.BytesIO(data))
    picture.draft("RGB", (SIDE, SIDE))
    width, height = picture.size
    side = min(width, height)
    left, top = (width - side) / 2, (height - side) / 2
    if picture.mode in ("P", "PA"):
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    crop = (left, top, left + side, top + side)
    small = picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS, box=crop, reducing_gap=2.0)
    # Turned once it is small; what a resized picture keeps of its file's EXIF is read from the original.
    turn = TURNS.get(picture.getexif().get(0x0112))
    if turn is not None:
        small = small.transpose(turn)
    if small.mode in ("RGBA", "LA"):
        white = Image.new("RGB", small.size, "white")
        white.paste(small.convert("RGB"), mask=small.getchannel("A"))
        small = white
    out = io.BytesIO()
    small.convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()


TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

converse(version, thumbnail)
