"""Tries an installation as a visitor: the page, an upload until its thumbnail is there, and that it can be deleted.

    smoke.py https://photos.example.org [--api https://….execute-api.….amazonaws.com]

Needs nothing but Python. Leaves nothing behind.
"""
import argparse
import hashlib
import json
import re
import struct
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
import zlib

READY_S = 60


class Visitor:
    """Asks a site. `host` is sent instead of the address's own, for emulators."""

    def __init__(self, address, host=None, origin=None):
        self.address, self.host, self.origin = address.rstrip("/"), host, origin

    def ask(self, path, method="GET", body=None, headers=None):
        """Status, headers and body of an answer, whatever the status."""
        url = path if path.startswith("http") else self.address + path
        given = {**(headers or {})}
        if self.host and url != path:
            given["Host"] = self.host
            given["X-Forwarded-Proto"] = "https"
        request = urllib.request.Request(url, body, given, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read()

    def json(self, path, method="GET", body=None):
        """What the API answers; anything but success is an error."""
        sent = None if body is None else json.dumps(body).encode()
        headers = {} if body is None else {"content-type": "application/json"}
        status, _, answer = self.ask(path, method, sent, headers)
        assert status < 300, f"{method} {path}: {status} {answer[:500]!r}"
        return json.loads(answer) if answer else None

    def sign(self, name, media_type, content, **more):
        """Leave to upload a file."""
        file = {"name": name, "type": media_type, "size": len(content), **more}
        return self.json("/api/upload", "POST", {"files": [file]})["uploads"][0]

    def post(self, signed, content):
        """The upload itself, as a browser's form does it."""
        edge = uuid.uuid4().hex
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in signed["fields"]
        ] if isinstance(signed["fields"], list) else [
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in signed["fields"].items()
        ]
        parts.append(f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'.encode())
        body = b"".join(parts) + content + f"\r\n--{edge}--\r\n".encode()
        headers = {"content-type": f"multipart/form-data; boundary={edge}"}
        if self.origin:
            headers["origin"] = self.origin
        return self.ask(signed["url"], "POST", body, headers)

    def finished(self, key):
        """The image, once it is ready or failed."""
        deadline = time.monotonic() + READY_S
        while time.monotonic() < deadline:
            images = self.json(f"/api/images?keys={key}")["images"]
            if images and images[0]["status"] != "processing":
                return images[0]
            time.sleep(0.3)
        raise AssertionError(f"{key} was not finished after {READY_S} s")

    def upload(self, name, media_type, content, **more):
        """From asking for leave to the end of processing."""
        signed = self.sign(name, media_type, content, **more)
        status, _, answer = self.post(signed, content)
        assert status in (201, 204), f"the upload was answered {status}: {answer[:500]!r}"
        return self.finished(signed["key"])


def picture(width=320, height=200):
    """A PNG with a gradient."""
    rows = b"".join(
        b"\0" + bytes(value for x in range(width) for value in (x * 255 // width, y * 255 // height, 128))
        for y in range(height))

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def look_at_page(visitor):
    """The page, what protects it, and the files that it names."""
    status, headers, page = visitor.ask("/")
    assert status == 200 and b"<html" in page, f"the page is answered {status}"
    csp = headers["content-security-policy"] or ""
    assert "'wasm-unsafe-eval'" in csp and "default-src 'self'" in csp, f"Content-Security-Policy: {csp}"
    assert headers["x-content-type-options"] == "nosniff" and headers["strict-transport-security"]
    assert "camera=()" in (headers["permissions-policy"] or ""), "the page may use cameras"
    assets = sorted(set(re.findall(rb'"(/assets/[^"]+)"', page)))
    assert assets, "the page names no assets"
    for asset in assets:
        status, headers, _ = visitor.ask(asset.decode())
        assert status == 200, f"{asset} is answered {status}"
        assert "immutable" in (headers["cache-control"] or ""), f"{asset}: {headers['cache-control']}"
    status, headers, packed = visitor.ask(assets[0].decode(), headers={"accept-encoding": "br"})
    assert status == 200 and headers["content-encoding"] == "br", f"{assets[0]} is not compressed"
    status, _, inner = visitor.ask("/gallery/of/something")
    assert (status, inner) == (200, page), "an address within the page does not show the page"
    return len(assets)


def look_at_api(visitor):
    """That its errors are its own, and not the page."""
    assert visitor.json("/api/health")["status"] == "ok"
    status, headers, answer = visitor.ask("/api/nothing")
    problem = headers["content-type"] or ""
    assert status == 404 and problem.startswith("application/problem+json"), f"{status} {problem} {answer[:200]!r}"


def send_a_picture(visitor):
    """A picture until its thumbnail, which has to be what the API says it is; then it is deleted."""
    content = picture()
    start = time.monotonic()
    image = visitor.upload("smoke test.png", "image/png", content)
    took = time.monotonic() - start
    assert image["status"] == "ready", image
    assert (image["width"], image["height"]) == (320, 200), image
    thumbnail = image["thumbnail"]
    status, _, jpeg = visitor.ask(thumbnail["url"])
    assert status == 200 and jpeg[:3] == b"\xff\xd8\xff", f"the thumbnail is answered {status}"
    assert hashlib.sha256(jpeg).hexdigest() == thumbnail["sha256"], "the thumbnail is not the one of the API"
    details = visitor.json(f"/api/image/{image['key']}")
    status, _, original = visitor.ask(details["original_url"])
    assert status == 200 and original == content, f"the original is answered {status}"
    visitor.json(f"/api/image/{image['key']}", "DELETE")
    status, _, _ = visitor.ask(f"/api/image/{image['key']}")
    assert status == 404, f"a deleted image is answered {status}"
    return took


def nobody_goes_round(api):
    """The API's own address has to be of no use."""
    status, _, answer = Visitor(api).ask("/api/health")
    assert status == 404, f"the API answers {status} to who comes round the CDN: {answer[:200]!r}"


def main():
    """Tries the site named on the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("site")
    parser.add_argument("--api")
    args = parser.parse_args()
    visitor = Visitor(args.site, origin=args.site)
    print(f"the page and {look_at_page(visitor)} assets")
    look_at_api(visitor)
    print(f"a picture was ready after {send_a_picture(visitor):.1f} s, and is deleted")
    if args.api:
        nobody_goes_round(args.api)
        print("nobody gets round the CDN")


if __name__ == "__main__":
    sys.exit(main())
