"""Forms and presigned URLs, as boto3 signs them and any HTTP client sends them."""

import http.client
import urllib.parse
import uuid

from support import BUCKET, Case
import support


def send(method, url, body=None, headers=None):
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc)
    connection.request(method, f"{parts.path}?{parts.query}", body, headers or {})
    answer = connection.getresponse()
    answer.text = answer.read()
    connection.close()
    return answer


def form(fields, file, name="photo.jpg"):
    boundary = uuid.uuid4().hex
    body = b""
    for field, value in fields.items():
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
    body += (f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
             "Content-Type: application/x-other\r\n\r\n").encode()
    body += file + f"\r\n--{boundary}--\r\n".encode()
    return body, {"Content-Type": f"multipart/form-data; boundary={boundary}"}


class Forms(Case):
    def post(self, name, file=b"0123456789", fields=None, conditions=None, spoil=None, expires=60):
        fields = fields or {}
        conditions = [{key: value} for key, value in fields.items()] + (conditions or [])
        signed = self.s3.generate_presigned_post(BUCKET, self.key(name), fields, conditions, expires)
        if spoil:
            spoil(signed["fields"])
        return send("POST", signed["url"], *form(signed["fields"], file))

    def check(self, answer, status, code=b""):
        self.assertEqual(answer.status, status, answer.text)
        self.assertIn(code, answer.text)
        if status >= 300:
            self.assertEqual(self.names(), [])

    def test_a_form_that_boto_signs(self):
        fields = {"Content-Type": "image/jpeg", "x-amz-meta-name": "x", "success_action_status": "201"}
        answer = self.post("é/${filename}", fields=fields, conditions=[["content-length-range", 1, 100]])
        self.check(answer, 201, b"<PostResponse>")
        found = self.get("é/photo.jpg")
        self.assertEqual((found["ContentType"], found["Metadata"]), ("image/jpeg", {"name": "x"}))
        self.check(self.post("plain"), 204)

    def test_a_form_that_is_not_what_was_signed(self):
        too_large = [["content-length-range", 0, 9]]
        too_small = [["content-length-range", 11, 99]]
        self.check(self.post("a", conditions=too_large), 400, b"EntityTooLarge")
        self.check(self.post("a", conditions=too_small), 400, b"EntityTooSmall")
        self.check(self.post("a", expires=-10), 403, b"AccessDenied")
        self.check(self.post("a", spoil=lambda f: f.update(key=self.key("b"))), 403, b"AccessDenied")
        self.check(self.post("a", spoil=lambda f: f.update(acl="public-read")), 403, b"AccessDenied")
        self.check(self.post("a", spoil=lambda f: f.update({"x-amz-signature": "0" * 64})), 403,
                   b"SignatureDoesNotMatch")
        self.check(self.post("a", spoil=lambda f: f.pop("policy")), 400, b"InvalidArgument")
        self.check(self.post("a", spoil=lambda f: f.clear()), 403, b"AccessDenied")
        fields = {"Content-Type": "image/jpeg"}
        self.check(self.post("a", fields=fields, spoil=lambda f: f.pop("Content-Type")), 403, b"AccessDenied")

    def test_a_large_file(self):
        body = bytes(range(256)) * 80_000
        self.check(self.post("a", body), 204)
        self.assertTrue(self.read("a") == body)


class Presigned(Case):
    def url(self, call, name, **more):
        expires = more.pop("expires", 60)
        return self.s3.generate_presigned_url(call, {"Bucket": BUCKET, "Key": self.key(name), **more}, expires)

    def test_each_method(self):
        put = self.url("put_object", "é a+b")
        self.assertEqual(send("PUT", put, b"bytes").status, 200)
        get = self.url("get_object", "é a+b", ResponseContentType="text/x-other",
                       ResponseContentDisposition='attachment; filename="x"')
        answer = send("GET", get)
        self.assertEqual((answer.status, answer.text), (200, b"bytes"))
        self.assertEqual(answer.headers["content-type"], "text/x-other")
        self.assertEqual(send("GET", get, headers={"Range": "bytes=1-2"}).text, b"yt")
        head = send("HEAD", self.url("head_object", "é a+b"))
        self.assertEqual((head.status, head.headers["content-length"]), (200, "5"))
        self.assertEqual(send("DELETE", self.url("delete_object", "é a+b")).status, 204)
        self.assertEqual(send("GET", get).status, 404)

    def test_only_what_was_signed(self):
        self.put("a")
        get = self.url("get_object", "a")
        self.assertEqual(send("PUT", get, b"x").status, 403)
        self.assertEqual(send("GET", get.replace("/a?", "/b?")).status, 403)
        self.assertEqual(send("GET", get + "&response-content-type=text/html").status, 403)
        self.assertEqual(send("GET", get.split("?")[0]).status, 403)
        for expires in -5, 604_801:
            never = send("GET", self.url("get_object", "a", expires=expires))
            self.assertEqual(never.status, 400)
            self.assertIn(b"AuthorizationQueryParametersError", never.text)
        old = support.endpoint.client(signature_version="s3").generate_presigned_url
        target = {"Bucket": BUCKET, "Key": self.key("a")}
        self.assertEqual(send("GET", old("get_object", target, 60)).text, b"0123456789")
        self.assertEqual(send("GET", old("get_object", target, -5)).status, 403)
        checked = self.url("put_object", "b", ContentType="image/png")
        self.assertEqual(send("PUT", checked, b"x", {"Content-Type": "text/html"}).status, 403)
        self.assertEqual(self.names(), ["a"])

    def test_pages_of_other_origins(self):
        host = urllib.parse.urlsplit(support.endpoint.url).hostname
        ask = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type"}
        answer = send("OPTIONS", self.url("put_object", "a"), headers={"Origin": f"http://{host}:1", **ask})
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.headers["access-control-allow-origin"], f"http://{host}:1")
        answer = send("OPTIONS", self.url("put_object", "a"), headers={"Origin": "http://evil.example", **ask})
        self.assertEqual((answer.status, answer.headers["access-control-allow-origin"]), (403, None))
