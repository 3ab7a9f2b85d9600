"""Thumbnails by libvips: 100×100, centre crop, in sRGB.

`vips.py --out DIR [--quality 80] [--png] [--linear] FILE…` writes `NAME.jpg`, or `NAME.png` with --png: the
thumbnail before it is encoded.
"""

import argparse
import os

import pyvips


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True)
    parser.add_argument("--quality", type=int, default=80)
    parser.add_argument("--png", action="store_true")
    parser.add_argument("--jpeg", action="store_true", help="the default")
    parser.add_argument("--linear", action="store_true", help="resize in linear light")
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    for file in options.files:
        image = pyvips.Image.thumbnail(
            file, 100, height=100, crop="centre", export_profile="srgb", linear=options.linear
        )
        target = os.path.join(options.out, os.path.basename(file))
        if options.png:
            image.write_to_file(target + ".png", keep="none")
        else:
            image.write_to_file(target + ".jpg", Q=options.quality, keep="none")
    print("libvips", ".".join(str(pyvips.version(part)) for part in range(3)))


main()
