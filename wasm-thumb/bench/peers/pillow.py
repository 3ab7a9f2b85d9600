"""Thumbnails by Pillow: 100×100, centre crop, in sRGB.

`pillow.py --out DIR [--quality 80] [--png] FILE…` writes `NAME.jpg`, or `NAME.png` with --png: the thumbnail
before it is encoded. JPEGs are decoded at the scale that is needed (`draft`), as its own `thumbnail` does.
"""

import argparse
import io
import os

import PIL
from PIL import Image, ImageCms, ImageOps

SRGB = ImageCms.createProfile("sRGB")


def thumbnail(file):
    image = Image.open(file)
    image.draft("RGB", (200, 200))
    profile = image.info.get("icc_profile")
    image = ImageOps.exif_transpose(image)
    if profile:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        image = ImageCms.profileToProfile(image, source, SRGB, outputMode="RGB")
    return ImageOps.fit(image.convert("RGB"), (100, 100), Image.Resampling.LANCZOS)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True)
    parser.add_argument("--quality", type=int, default=80)
    parser.add_argument("--png", action="store_true")
    parser.add_argument("--jpeg", action="store_true", help="the default")
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    for file in options.files:
        image = thumbnail(file)
        image.info.clear()
        target = os.path.join(options.out, os.path.basename(file))
        if options.png:
            image.save(target + ".png")
        else:
            image.save(target + ".jpg", quality=options.quality)
    print("Pillow", PIL.__version__)


main()
