"""What MinIO runs against servers (the functional tests of minio-py, from its source package), as far as it is about
objects. Left out: versions, policies and notifications of buckets, select, snowball, and one test that expects 200 for a
part of an object (AWS and the others answer 206)."""

import importlib.util
import os
import sys
import tempfile
import unittest
from pathlib import Path

from support import POOL
import support

TESTS = """
list_buckets fput_object_small_file fput_object_large_file fput_object_with_content_type
copy_object_no_copy_condition copy_object_etag_match copy_object_with_metadata copy_object_negative_etag_match
copy_object_modified_since copy_object_unmodified_since put_object negative_put_object_with_path_segment
stat_object get_object fget_object get_object_with_default_length get_partial_object list_objects_v1
list_objects_with_prefix list_objects_with_1001_files list_objects presigned_get_object_default_expiry
presigned_get_object_expiry presigned_get_object_response_headers presigned_put_object_default_expiry presigned_put_object_expiry presigned_post_policy thread_safe remove_object
remove_objects make_bucket_default_region
""".split()


def load():
    path = Path(os.environ["S3_SUITE"]) / "tests/functional/tests.py"
    spec = importlib.util.spec_from_file_location("mint", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["mint"] = module
    spec.loader.exec_module(module)
    return module


class Mint(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        from minio import Minio
        cls.mint = load()
        host = support.endpoint.url.removeprefix("http://")
        pool = iter(POOL)
        cls.mint._client = Minio(
            host, support.endpoint.access_key, support.endpoint.secret_key, secure=False, region="us-east-1")
        cls.mint._is_aws = False
        # Buckets are there from the beginning: each test gets one that nobody has used.
        cls.mint._gen_bucket_name = lambda: next(pool)
        cls.mint._client.remove_bucket = lambda bucket: cls.assertEqual(cls(), [], list(
            cls.mint._client.list_objects(bucket, recursive=True)))
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        for name, size in ("_test_file", 1 << 20), ("_large_file", 11 << 20):
            path = Path(folder.name) / name
            path.write_bytes(os.urandom(size))
            setattr(cls.mint, name, str(path))
        here = os.getcwd()
        os.chdir(folder.name)
        cls.addClassCleanup(os.chdir, here)


def add(name):
    def test(self):
        getattr(self.mint, f"test_{name}")({"args": {}})
    setattr(Mint, f"test_{name}", test)


for name in TESTS:
    add(name)
