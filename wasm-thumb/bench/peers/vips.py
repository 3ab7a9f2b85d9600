"""Thumbnails by libvips: 100×100, centre crop, in sRGB.

`vips.py --out DIR [--quality 80] [--png] [--linear] FILE…` writes `NAME.jpg`, or `NAME.png` with --png: the
thumbnail before it is encoded.
"""

import pyvips

from asked import each_file


def write(file, target, options):
    image = pyvips.Image.thumbnail(
        file, 100, height=100, crop="centre", export_profile="srgb", linear=options.linear
    )
    if options.png:
        image.write_to_file(target + ".png", keep="none")
    else:
        image.write_to_file(target + ".jpg", Q=options.quality, keep="none")


each_file(write, {"--linear": "resize in linear light"})
print("libvips", ".".join(str(pyvips.version(part)) for part in range(3)))
