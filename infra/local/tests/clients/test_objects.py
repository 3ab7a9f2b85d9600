"""One object: putting, reading, describing, copying, deleting."""

import base64
import hashlib
import io
import zlib
from concurrent.futures import ThreadPoolExecutor

from botocore.exceptions import ClientError

import support
from support import BUCKET, OTHER, Case


class Objects(Case):
    def test_what_is_put_comes_back(self):
        headers = {
            "ContentType": "text/plain; charset=utf-8", "CacheControl": "max-age=60",
            "ContentDisposition": 'attachment; filename="a b.txt"', "ContentEncoding": "identity",
            "ContentLanguage": "fr", "Metadata": {"name": "x", "other-name": "y z"},
        }
        put = self.put("a", **headers)
        self.assertEqual(put["ETag"], f'"{hashlib.md5(b"0123456789").hexdigest()}"')
        for found in self.get("a"), self.s3.head_object(Bucket=BUCKET, Key=self.key("a")):
            for name, value in headers.items():
                self.assertEqual(found[name], value)
            self.assertEqual(found["ContentLength"], 10)
            self.assertEqual(found["AcceptRanges"], "bytes")
            self.assertEqual(found["ETag"], put["ETag"])
        self.assertEqual(self.read("a"), b"0123456789")
        self.put("a", b"")
        self.assertEqual(self.read("a"), b"")
        self.assertEqual(self.get("a")["ContentType"], "binary/octet-stream")

    def test_metadata_beyond_ascii_and_beyond_its_limit(self):
        self.put("a", Metadata={"name": "=?UTF-8?B?w6k=?="})
        self.refused(400, "MetadataTooLarge", self.put, "b", Metadata={"a": "x" * 2048})
        self.put("b", Metadata={"a": "x" * 2047})

    def test_keys_are_only_names(self):
        names = ["a", "a/b", "a//b", "a/", "../up", "a/../b", "é ü", "+ %20&?#=", "\U0001f995", "c:\\d", "x" * 900,
                 "'\"<>&", "a;b,c@d$e!f*g(h)", "tab\there", "%2F", "."]
        for name in names:
            self.put(name, name.encode())
        for name in names:
            self.assertEqual(self.read(name), name.encode())
        self.assertEqual(sorted(self.names()), sorted(names))
        long = "k" * (1024 - len(self.prefix))
        self.put(long)
        self.assertEqual(self.read(long), b"0123456789")
        self.refused(400, "KeyTooLongError", self.put, long + "k")
        for name in names:
            self.s3.delete_object(Bucket=BUCKET, Key=self.key(name))
        self.assertEqual(self.names(), [long])

    def test_parts_of_an_object(self):
        self.put("a")
        for asked, part, place in [
            ("bytes=0-0", b"0", "bytes 0-0/10"), ("bytes=2-4", b"234", "bytes 2-4/10"),
            ("bytes=7-", b"789", "bytes 7-9/10"), ("bytes=-3", b"789", "bytes 7-9/10"),
            ("bytes=5-99", b"56789", "bytes 5-9/10"), ("bytes=-99", b"0123456789", "bytes 0-9/10"),
        ]:
            found = self.get("a", Range=asked)
            self.assertEqual((found["Body"].read(), found["ContentRange"]), (part, place))
            self.assertEqual(found["ResponseMetadata"]["HTTPStatusCode"], 206)
            head = self.s3.head_object(Bucket=BUCKET, Key=self.key("a"), Range=asked)
            self.assertEqual((head["ContentLength"], head["ContentRange"]), (len(part), place))
            self.assertEqual(head["ResponseMetadata"]["HTTPStatusCode"], 206)
        self.refused(416, "InvalidRange", self.get, "a", Range="bytes=10-")
        self.put("empty", b"")
        self.refused(416, "InvalidRange", self.get, "empty", Range="bytes=-1")

    def test_conditions_of_reading(self):
        etag = self.put("a")["ETag"]
        modified = self.get("a")["LastModified"]
        early, late = modified.replace(year=2001), modified.replace(year=2199)
        for kept in [{"IfMatch": etag}, {"IfMatch": "*"}, {"IfNoneMatch": '"x"'}, {"IfModifiedSince": early},
                     {"IfUnmodifiedSince": late}, {"IfMatch": etag, "IfUnmodifiedSince": early},
                     {"IfNoneMatch": '"x"', "IfModifiedSince": modified}]:
            self.assertEqual(self.read("a", **kept), b"0123456789", kept)
        for broken in [{"IfMatch": '"x"'}, {"IfUnmodifiedSince": early}]:
            self.refused(412, "PreconditionFailed", self.get, "a", **broken)
            self.refused(412, "412", self.s3.head_object, Bucket=BUCKET, Key=self.key("a"), **broken)
        for same in [{"IfNoneMatch": etag}, {"IfModifiedSince": modified}]:
            self.refused(304, "304", self.get, "a", **same)
            self.refused(304, "304", self.s3.head_object, Bucket=BUCKET, Key=self.key("a"), **same)

    def test_conditions_of_writing(self):
        etag = self.put("a", IfNoneMatch="*")["ETag"]
        self.refused(412, "PreconditionFailed", self.put, "a", b"x", IfNoneMatch="*")
        self.refused(412, "PreconditionFailed", self.put, "a", b"x", IfMatch='"x"')
        self.refused(404, "NoSuchKey", self.put, "b", b"x", IfMatch=etag)
        self.put("a", b"new", IfMatch=etag)
        self.assertEqual(self.read("a"), b"new")

    def test_of_many_only_one_makes_an_object(self):
        def attempt(number):
            try:
                self.s3.put_object(Bucket=BUCKET, Key=self.key("one"), Body=str(number), IfNoneMatch="*")
                return number
            except ClientError as error:
                self.assertEqual(error.response["Error"]["Code"], "PreconditionFailed")
                return None
        with ThreadPoolExecutor(16) as threads:
            winners = [n for n in threads.map(attempt, range(64)) if n is not None]
        self.assertEqual(len(winners), 1)
        self.assertEqual(self.read("one"), str(winners[0]).encode())

    def test_checksums(self):
        body = b"0123456789"
        right = {
            "ChecksumCRC32": base64.b64encode(zlib.crc32(body).to_bytes(4, "big")).decode(),
            "ChecksumSHA1": base64.b64encode(hashlib.sha1(body).digest()).decode(),
            "ChecksumSHA256": base64.b64encode(hashlib.sha256(body).digest()).decode(),
        }
        for name, value in right.items():
            put = self.put("a", body, **{name: value})
            self.assertEqual((put[name], put["ChecksumType"]), (value, "FULL_OBJECT"))
            found = self.get("a", ChecksumMode="ENABLED")
            self.assertEqual((found[name], found["ChecksumType"]), (value, "FULL_OBJECT"))
        # The check values of both algorithms, for these nine digits.
        nine = {"ChecksumCRC32C": "4waSgw==", "ChecksumCRC64NVME": "rosUhgp5mIg="}
        for name, value in nine.items():
            self.assertEqual(self.put("a", b"123456789", **{name: value})[name], value)
            self.refused(400, "BadDigest", self.put, "b", b"123456780", **{name: value})
        self.refused(400, "BadDigest", self.put, "b", b"x", **{"ChecksumSHA256": right["ChecksumSHA256"]})
        self.refused(400, "BadDigest", self.put, "b", b"x", ContentMD5=base64.b64encode(b"0" * 16).decode())
        self.refused(400, "InvalidDigest", self.put, "b", b"x", ContentMD5="eA==")
        self.refused(400, "InvalidRequest", self.put, "b", b"x", ChecksumCRC32="eA==")
        self.refused(404, "NoSuchKey", self.get, "b")
        for algorithm in "CRC32", "SHA1", "SHA256":
            self.put("c", b"x" * 3_000_000, ChecksumAlgorithm=algorithm)
            self.assertEqual(len(self.read("c", ChecksumMode="ENABLED")), 3_000_000)

    def test_copying(self):
        etag = self.put("a", ContentType="image/png", Metadata={"name": "x"})["ETag"]
        source = {"Bucket": BUCKET, "Key": self.key("a")}
        copy = lambda name, **more: self.s3.copy_object(Bucket=BUCKET, Key=self.key(name), CopySource=source, **more)
        self.assertEqual(copy("b é+")["CopyObjectResult"]["ETag"], etag)
        found = self.get("b é+")
        self.assertEqual((found["ContentType"], found["Metadata"]), ("image/png", {"name": "x"}))
        copy("c", MetadataDirective="REPLACE", ContentType="text/css", Metadata={"other": "y"})
        found = self.get("c")
        self.assertEqual((found["ContentType"], found["Metadata"]), ("text/css", {"other": "y"}))
        self.refused(400, "InvalidRequest", copy, "a")
        copy("a", MetadataDirective="REPLACE", Metadata={"name": "z"})
        self.assertEqual(self.get("a")["Metadata"], {"name": "z"})
        copy("d", CopySourceIfMatch=etag)
        self.refused(412, "PreconditionFailed", copy, "d", CopySourceIfMatch='"x"')
        self.refused(412, "PreconditionFailed", copy, "d", CopySourceIfNoneMatch=etag)
        self.s3.copy_object(Bucket=OTHER, Key=self.key("e"), CopySource=f"/{BUCKET}/{self.key('b é+')}")
        self.assertEqual(self.s3.get_object(Bucket=OTHER, Key=self.key("e"))["Body"].read(), b"0123456789")
        source["Key"] = self.key("nothing")
        self.refused(404, "NoSuchKey", copy, "f")

    def test_deleting(self):
        for name in "a", "b", "c <&> é":
            self.put(name)
        self.s3.delete_object(Bucket=BUCKET, Key=self.key("a"))
        self.s3.delete_object(Bucket=BUCKET, Key=self.key("a"))
        self.refused(404, "NoSuchKey", self.get, "a")
        self.refused(404, "404", self.s3.head_object, Bucket=BUCKET, Key=self.key("a"))
        objects = [{"Key": self.key(name)} for name in ("b", "c <&> é", "never there")]
        done = self.s3.delete_objects(Bucket=BUCKET, Delete={"Objects": objects})
        self.assertEqual([entry["Key"] for entry in done["Deleted"]], [entry["Key"] for entry in objects])
        quiet = self.s3.delete_objects(Bucket=BUCKET, Delete={"Objects": objects, "Quiet": True})
        self.assertNotIn("Deleted", quiet)
        many = [{"Key": self.key(str(number))} for number in range(1001)]
        self.refused(400, "MalformedXML", self.s3.delete_objects, Bucket=BUCKET, Delete={"Objects": many})
        self.assertEqual(self.names(), [])

    def test_one_connection_after_an_empty_body_that_waited_for_leave(self):
        self.s3 = support.endpoint.client(max_pool_connections=1)
        # A body that is a file is announced with Expect: 100-continue.
        for name, size in [("empty", 0), ("large", 2 << 20)]:
            self.assertIn("ETag", self.put(name, io.BytesIO(b"x" * size)))
        self.assertEqual(len(self.read("large")), 2 << 20)

    def test_attributes(self):
        self.put("a")
        asked = ["ETag", "Checksum", "ObjectSize", "StorageClass", "ObjectParts"]
        told = self.s3.get_object_attributes(Bucket=BUCKET, Key=self.key("a"), ObjectAttributes=asked)
        self.assertEqual((told["ObjectSize"], told["StorageClass"]), (10, "STANDARD"))
        self.assertEqual(told["ETag"], hashlib.md5(b"0123456789").hexdigest())
        self.assertNotIn("ObjectParts", told)

    def test_what_there_is_not_is_refused(self):
        self.refused(501, "NotImplemented", self.put, "a", ServerSideEncryption="aws:kms")
        self.refused(501, "NotImplemented", self.put, "a", Tagging="a=b")
        self.refused(400, "InvalidStorageClass", self.put, "a", StorageClass="GLACIER")
        self.refused(400, "AccessControlListNotSupported", self.put, "a", ACL="public-read")
        self.assertEqual(self.names(), [])
        self.put("a", ServerSideEncryption="AES256", StorageClass="STANDARD", ACL="private")
        self.assertEqual(self.s3.get_object_tagging(Bucket=BUCKET, Key=self.key("a"))["TagSet"], [])

    def test_buckets(self):
        names = [bucket["Name"] for bucket in self.s3.list_buckets()["Buckets"]]
        self.assertEqual(names, sorted(names))
        self.assertIn(BUCKET, names)
        self.assertIsNone(self.s3.get_bucket_location(Bucket=BUCKET)["LocationConstraint"])
        self.assertEqual(self.s3.head_bucket(Bucket=BUCKET)["BucketRegion"], "us-east-1")
        self.refused(404, "404", self.s3.head_bucket, Bucket="no-such-bucket")
        self.s3.create_bucket(Bucket=BUCKET)
        self.refused(403, "AccessDenied", self.s3.create_bucket, Bucket="no-such-bucket")
        self.assertNotIn("Status", self.s3.get_bucket_versioning(Bucket=BUCKET))
        for call in self.s3.list_objects_v2, self.s3.list_objects, self.s3.list_multipart_uploads:
            self.refused(404, "NoSuchBucket", call, Bucket="no-such-bucket")
