"""Starts and ends ministack, an emulator of AWS, with IAM switched on: signatures and policies are enforced."""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

import boto3
import botocore.config

ACCOUNT = "000000000000"
REGION = "eu-central-1"
KEYS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
SERVICES = "s3,sqs,lambda,apigateway,iam,sts,logs,sns,cloudwatch,monitoring,cloudfront"
START_S = 60


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Emulator:
    """One emulator on a port of its own, with its data in a folder of its own."""

    def __init__(self, work):
        self.work = pathlib.Path(work)
        shutil.rmtree(self.work, ignore_errors=True)
        (self.work / "tmp").mkdir(parents=True)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = None

    def __enter__(self):
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            "AUTH": "true", "BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(self.port), "MINISTACK_HOST": "localhost",
            "AWS_ENDPOINT_URL": self.url, "MINISTACK_REGION": REGION, "AWS_DEFAULT_REGION": REGION,
            "SERVICES": SERVICES, "IOT_MTLS_ENABLED": "0", "TMPDIR": str(self.work / "tmp"),
        }
        with open(self.work / "log", "wb") as log:
            program = pathlib.Path(sys.executable).with_name("ministack")
            self.process = subprocess.Popen([program], env=environment, stdout=log, stderr=log, start_new_session=True)
        deadline = time.monotonic() + START_S
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the emulator did not start:\n{self.log()}")
            time.sleep(0.1)
        return self

    def __exit__(self, *_):
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def answers(self):
        """Whether it is up."""
        try:
            with urllib.request.urlopen(f"{self.url}/_ministack/health", timeout=1) as answer:
                return answer.status == 200
        except OSError:
            return False

    def log(self):
        """The end of what it wrote."""
        return (self.work / "log").read_text(encoding="utf-8", errors="replace")[-6000:]

    def client(self, service):
        """A client of one of its services, as the account's owner."""
        settings = botocore.config.Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1})
        return boto3.client(service, endpoint_url=self.url, region_name=REGION, config=settings, **KEYS)
