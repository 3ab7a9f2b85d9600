"""Objects in parts, as boto3 sends and reads them."""

import io
import os

from boto3.s3.transfer import TransferConfig

from support import BUCKET, Case

MIB = 1 << 20


class Multipart(Case):
    def test_a_large_file_there_and_back(self):
        body = os.urandom(18 * MIB + 7)
        config = TransferConfig(multipart_threshold=5 * MIB, multipart_chunksize=5 * MIB, max_concurrency=4)
        extra = {"ContentType": "image/tiff", "Metadata": {"name": "x"}}
        for algorithm in None, "CRC32", "CRC32C", "SHA256", "CRC64NVME":
            if algorithm in ("CRC32C", "CRC64NVME"):
                continue  # These need a native library on the client's side; the tests in Rust have them.
            more = {"ChecksumAlgorithm": algorithm} if algorithm else {}
            self.s3.upload_fileobj(io.BytesIO(body), BUCKET, self.key("a"), Config=config, ExtraArgs={**extra, **more})
            head = self.s3.head_object(Bucket=BUCKET, Key=self.key("a"))
            self.assertTrue(head["ETag"].endswith('-4"'), head)
            self.assertEqual((head["ContentType"], head["Metadata"]), ("image/tiff", {"name": "x"}))
            back = io.BytesIO()
            self.s3.download_fileobj(BUCKET, self.key("a"), back, Config=config)
            self.assertTrue(back.getvalue() == body)
        self.s3.copy({"Bucket": BUCKET, "Key": self.key("a")}, BUCKET, self.key("b"), Config=config)
        self.assertTrue(self.read("b") == body)
        self.assertTrue(self.read("b", PartNumber=2) == body[5 * MIB:10 * MIB])
        self.assertNotIn("Uploads", self.s3.list_multipart_uploads(Bucket=BUCKET, Prefix=self.prefix))

    def test_step_by_step(self):
        target = {"Bucket": BUCKET, "Key": self.key("a")}
        upload = self.s3.create_multipart_upload(**target, ChecksumAlgorithm="CRC32")
        target["UploadId"] = upload["UploadId"]
        self.assertEqual((upload["ChecksumAlgorithm"], upload["ChecksumType"]), ("CRC32", "COMPOSITE"))
        sent = [self.s3.upload_part(**target, PartNumber=n, Body=body)
                for n, body in ((1, b"a" * 5 * MIB), (2, b"b"))]
        listed = self.s3.list_parts(**target)
        self.assertEqual([part["ETag"] for part in listed["Parts"]], [part["ETag"] for part in sent])
        self.assertEqual([part["ChecksumCRC32"] for part in listed["Parts"]], [part["ChecksumCRC32"] for part in sent])
        parts = [{"PartNumber": n + 1, "ETag": part["ETag"]} for n, part in enumerate(sent)]
        # Clients may leave the quotes out.
        parts[1]["ETag"] = parts[1]["ETag"].strip('"')
        done = self.s3.complete_multipart_upload(**target, MultipartUpload={"Parts": parts})
        self.assertTrue(done["ETag"].endswith('-2"'))
        self.assertEqual(done["ChecksumType"], "COMPOSITE")
        self.refused(404, "NoSuchUpload", self.s3.list_parts, **target)
        self.refused(404, "NoSuchUpload", self.s3.abort_multipart_upload, **target)
