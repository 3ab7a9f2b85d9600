"""Makes the pictures that are timed, a folder for each set, and a list of them, `pictures.json`.

`make_pictures.py --photos DIR [--png DIR] --out DIR [--quick]`: photos are JPEGs as cameras write them. The same
photos become progressive (without loss, by jpegtran, where that is installed), large, PNG and WebP.
"""

import argparse
import json
import shutil
import subprocess
from pathlib import Path

from PIL import Image

MEGAPIXEL = 1_000_000


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--png", type=Path, help="PNGs that are no photos")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--quick", action="store_true", help="fewer pictures")
    parser.add_argument("--large", action="store_true", help="those for the memory instead: `large.json`")
    options = parser.parse_args()

    photos = [file for file in sorted(options.photos.glob("*.jp*g")) if is_baseline(file)]
    if not photos:
        raise SystemExit(f"{options.photos} has no baseline JPEG")
    if options.large:
        return large(options.out, photos)
    # What has to be made takes long: from those nearest to the customary size only.
    middle = sorted(photos, key=lambda file: abs(pixels(file) - 12 * MEGAPIXEL))
    if options.quick:
        photos = sorted(middle[:3])
    few = sorted(middle[: 1 if options.quick else 3])
    one_or_two = sorted(middle[: 1 if options.quick else 2])

    sets = Sets(options.out, "pictures.json")
    sets.add("jpeg-baseline", "JPEG, baseline", photos, shutil.copyfile, ".jpg")
    sets.add("jpeg-progressive", "JPEG, progressive", photos, progressive, ".jpg")
    sets.add("jpeg-48mp", "JPEG, 48 megapixels", one_or_two, enlarged, ".jpg")
    sets.add("png-photo", "PNG, photos", few, png, ".png")
    if options.png:
        sets.add("png-graphic", "PNG, with alpha or drawn", sorted(options.png.glob("sharp-*.png")), shutil.copyfile, ".png")
    sets.add("webp-lossy", "WebP, lossy", few, webp_lossy, ".webp")
    sets.add("webp-lossless", "WebP, lossless", one_or_two, webp_lossless, ".webp")
    sets.write()


def large(out, photos):
    """The same photo at 12 and 48 megapixels in every format, and small for the warming up."""
    photo = min(photos, key=lambda file: abs(pixels(file) - 12 * MEGAPIXEL))
    sources = []
    for name, megapixels in [("small", 0.1), ("12mp", 12), ("48mp", 48)]:
        source = out / "large" / f"{name}.jpg"
        if not source.exists():
            source.parent.mkdir(parents=True, exist_ok=True)
            enlarged(photo, source, megapixels)
        sources.append(source)
    sets = Sets(out, "large.json")
    for name, title, make, extension in [
        ("large-jpeg", "JPEG, baseline", shutil.copyfile, ".jpg"),
        ("large-progressive", "JPEG, progressive", progressive, ".jpg"),
        ("large-png", "PNG", png, ".png"),
        ("large-webp", "WebP, lossy", webp_lossy, ".webp"),
        ("large-lossless", "WebP, lossless", webp_lossless, ".webp"),
    ]:
        sets.add(name, title, sources, make, extension)
        made = sets.list[-1]
        made["warm_up"] = made["files"].pop(0)["path"]
    sets.write()


class Sets:
    def __init__(self, out, name):
        self.out = out
        self.name = name
        self.list = []

    def write(self):
        (self.out / self.name).write_text(json.dumps({"sets": self.list}, indent=1))

    def add(self, name, title, sources, make, extension):
        folder = self.out / name
        folder.mkdir(parents=True, exist_ok=True)
        files = []
        for source in sources:
            made = folder / (source.stem + extension)
            if not made.exists():
                unfinished = folder / "unfinished"
                make(source, unfinished)
                unfinished.rename(made)
            with Image.open(made) as picture:
                files.append({"path": str(made), "width": picture.width, "height": picture.height})
        if files:
            self.list.append({"name": name, "title": title, "files": files})


def is_baseline(file):
    with Image.open(file) as picture:
        return picture.format == "JPEG" and not picture.info.get("progressive")


def pixels(file):
    with Image.open(file) as picture:
        return picture.width * picture.height


def progressive(source, made):
    if shutil.which("jpegtran"):
        subprocess.run(["jpegtran", "-progressive", "-copy", "all", "-outfile", made, source], check=True)
    else:
        with Image.open(source) as picture:
            picture.save(made, "JPEG", quality=90, progressive=True, exif=picture.getexif())


def enlarged(source, made, megapixels=48):
    with Image.open(source) as picture:
        factor = (megapixels * MEGAPIXEL / (picture.width * picture.height)) ** 0.5
        size = (round(picture.width * factor), round(picture.height * factor))
        picture.resize(size, Image.Resampling.BICUBIC).save(made, "JPEG", quality=92)


def png(source, made):
    with Image.open(source) as picture:
        picture.convert("RGB").save(made, "PNG", icc_profile=None)


def webp_lossy(source, made):
    with Image.open(source) as picture:
        picture.convert("RGB").save(made, "WEBP", quality=80, icc_profile=None)


def webp_lossless(source, made):
    with Image.open(source) as picture:
        picture.convert("RGB").save(made, "WEBP", lossless=True, quality=50, method=2, icc_profile=None)


main()
