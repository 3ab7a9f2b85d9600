"""What a subject in Python is asked to make: the options that all of them have."""

import argparse
import os


def each_file(write, flags=None):
    """Calls `write(file, target, options)` for each file; `target` is where to write, without an extension.

    `flags` are those that this subject has besides, with a word on each.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True)
    parser.add_argument("--quality", type=int, default=80)
    parser.add_argument("--png", action="store_true", help="as they are before they are encoded")
    parser.add_argument("--jpeg", action="store_true", help="the default")
    for flag, word in (flags or {}).items():
        parser.add_argument(flag, action="store_true", help=word)
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    for file in options.files:
        write(file, os.path.join(options.out, os.path.basename(file)), options)
