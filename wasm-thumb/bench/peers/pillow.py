"""Thumbnails by Pillow: 100×100, centre crop, in sRGB.

`pillow.py --out DIR [--quality 80] [--png] FILE…` writes `NAME.jpg`, or `NAME.png` with --png: the thumbnail
before it is encoded. JPEGs are decoded at the scale that is needed (`draft`), as its own `thumbnail` does.
"""

import io

import PIL
from PIL import Image, ImageCms, ImageOps

from asked import each_file

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


def write(file, target, options):
    image = thumbnail(file)
    image.info.clear()
    if options.png:
        image.save(target + ".png")
    else:
        image.save(target + ".jpg", quality=options.quality)


each_file(write)
print("Pillow", PIL.__version__)
