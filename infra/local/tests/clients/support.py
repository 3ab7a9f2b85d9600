"""The endpoint that the tests speak to, and the clients that speak to it."""

import json
import os
import subprocess
import tempfile
import unittest
import uuid

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

BUCKETS = ["first-bucket", "second-bucket"] + [f"pool-{number:02}" for number in range(60)]
BUCKET, OTHER = BUCKETS[:2]
POOL = BUCKETS[2:]


class Endpoint:
    """A process of the program that is tested, over a directory of its own."""

    def __init__(self):
        self.dir = tempfile.TemporaryDirectory()
        self.process = subprocess.Popen(
            [os.environ["S3_ENDPOINT"], self.dir.name, *BUCKETS],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={**os.environ, "RUST_LOG": "off"},
        )
        where = json.loads(self.process.stdout.readline())
        self.url = where["url"]
        self.access_key, self.secret_key = where["access_key"], where["secret_key"]

    def stop(self):
        self.process.stdin.close()
        assert self.process.wait(timeout=40) == 0
        self.process.stdout.close()
        self.dir.cleanup()

    def client(self, **options):
        options = {"retries": {"total_max_attempts": 1}, "s3": {"addressing_style": "path"}, **options}
        return boto3.client(
            "s3", endpoint_url=self.url, region_name="us-east-1",
            aws_access_key_id=self.access_key, aws_secret_access_key=self.secret_key,
            config=Config(**{"signature_version": "s3v4", **options}),
        )

    def environment(self):
        """For programs that read the variables of AWS."""
        # What is set for the real AWS is of no use here.
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return {
            **kept,
            "AWS_ACCESS_KEY_ID": self.access_key, "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", "AWS_ENDPOINT_URL": self.url,
            "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "AWS_PAGER": "",
        }


endpoint = None


def start():
    global endpoint
    endpoint = Endpoint()


def stop():
    endpoint.stop()


class Case(unittest.TestCase):
    """A test with a client and a prefix of its own."""

    def setUp(self):
        self.s3 = endpoint.client()
        self.prefix = f"{uuid.uuid4()}/"

    def key(self, name):
        return self.prefix + name

    def put(self, name, body=b"0123456789", **more):
        return self.s3.put_object(Bucket=BUCKET, Key=self.key(name), Body=body, **more)

    def get(self, name, **more):
        return self.s3.get_object(Bucket=BUCKET, Key=self.key(name), **more)

    def read(self, name, **more):
        return self.get(name, **more)["Body"].read()

    def names(self, **more):
        page = self.s3.list_objects_v2(Bucket=BUCKET, Prefix=self.prefix, **more)
        return [entry["Key"][len(self.prefix):] for entry in page.get("Contents", [])]

    def refused(self, status, code, call, *args, **more):
        """The call fails with this status and code of AWS."""
        with self.assertRaises(ClientError) as caught:
            call(*args, **more)
        response = caught.exception.response
        found = (response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"])
        self.assertEqual(found, (status, code), response)
        return response
