"""Programs that people use: the command line of AWS, and rclone."""

import filecmp
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.request
from pathlib import Path

from support import BUCKET, OTHER, Case
import support


class Programs(Case):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.work = Path(folder.name)
        here = self.work / "here"
        for name, size in [("a.jpg", 10), ("b/é ü+.jpg", 1000), ("b/c/large.bin", 12 << 20), ("b/empty", 0)]:
            (here / name).parent.mkdir(parents=True, exist_ok=True)
            (here / name).write_bytes(os.urandom(size))

    def run_it(self, *words):
        done = subprocess.run(words, cwd=self.work, env=self.environment(), capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, f"{words}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def environment(self):
        return support.endpoint.environment()

    def same(self, left, right):
        compared = filecmp.dircmp(self.work / left, self.work / right)
        folders = [compared]
        while folders:
            folder = folders.pop()
            self.assertEqual(folder.left_only + folder.right_only + folder.diff_files + folder.funny_files, [])
            match, *wrong = filecmp.cmpfiles(folder.left, folder.right, folder.common_files, shallow=False)
            self.assertEqual(wrong, [[], []])
            folders += folder.subdirs.values()


class Aws(Programs):
    def aws(self, *words):
        return self.run_it(str(Path(sys.executable).with_name("aws")), *words)

    def test_a_folder_there_and_back(self):
        there = f"s3://{BUCKET}/{self.prefix}"
        self.aws("s3", "sync", "here", there)
        self.assertEqual(self.aws("s3", "sync", "here", there), "", "nothing is left to do")
        self.aws("s3", "sync", there, "back")
        self.same("here", "back")
        self.assertIn("large.bin", self.aws("s3", "ls", there, "--recursive"))
        self.assertIn("PRE b/", self.aws("s3", "ls", there))
        self.aws("s3", "cp", f"{there}b/c/large.bin", f"s3://{OTHER}/{self.prefix}copy")
        self.aws("s3", "mv", f"{there}a.jpg", f"{there}moved.jpg", "--sse", "AES256")
        self.aws("s3", "cp", f"{there}moved.jpg", "moved.jpg")
        self.assertTrue(filecmp.cmp(self.work / "here/a.jpg", self.work / "moved.jpg", shallow=False))
        self.aws("s3", "rm", there, "--recursive")
        self.assertEqual(self.names(), [])
        url = self.aws("s3", "presign", f"s3://{OTHER}/{self.prefix}copy").strip()
        with urllib.request.urlopen(url) as answer:
            self.assertEqual(len(answer.read()), 12 << 20)


@unittest.skipUnless(shutil.which("rclone"), "rclone is not installed (Debian: apt-get install rclone)")
class Rclone(Programs):
    def environment(self):
        remote = {"TYPE": "s3", "PROVIDER": "Other", "ENV_AUTH": "true", "REGION": "us-east-1",
                  "ENDPOINT": support.endpoint.url, "FORCE_PATH_STYLE": "true", "CHUNK_SIZE": "5Mi",
                  "UPLOAD_CUTOFF": "5Mi"}
        return {**super().environment(), "RCLONE_CONFIG": os.devnull,
                **{f"RCLONE_CONFIG_IT_{name}": value for name, value in remote.items()}}

    def test_a_folder_there_and_back(self):
        there = f"it:{BUCKET}/{self.prefix}"
        self.run_it("rclone", "sync", "here", there)
        self.run_it("rclone", "check", "here", there)
        self.run_it("rclone", "check", "--download", "here", there)
        self.run_it("rclone", "copy", there, "back")
        self.same("here", "back")
        (self.work / "here/a.jpg").write_bytes(b"changed")
        (self.work / "here/b/empty").unlink()
        self.run_it("rclone", "sync", "here", there)
        self.assertEqual(self.names(), ["a.jpg", "b/c/large.bin", "b/é ü+.jpg"])
        self.run_it("rclone", "moveto", f"{there}a.jpg", f"it:{OTHER}/{self.prefix}moved")
        self.assertEqual(self.run_it("rclone", "cat", f"it:{OTHER}/{self.prefix}moved"), "changed")
        self.run_it("rclone", "purge", there)
        self.assertEqual(self.names(), [])
