"""libvips, called through pyvips: one thread, no cache of operations."""

import os

os.environ["VIPS_CONCURRENCY"] = "1"

import pyvips  # noqa: E402

from worker import converse  # noqa: E402

pyvips.cache_set_max(0)


def thumbnail(data):
    picture = pyvips.Image.thumbnail_buffer(data, 100, height=100, crop="centre")
    return picture.jpegsave_buffer(Q=80, keep="none", background=255)


converse(".".join(str(pyvips.version(part)) for part in range(3)), thumbnail)
