"""Brings the rendered installation up on an emulator and sends pictures through it.

    emulate.py RENDERED FUNCTIONS WORK
"""
import json
import re
import sys
import time

import smoke
from emulator import Emulator
from rendered import Rendered
from setup import Installation

DEAD_S = 60


def expect(holds, text):
    """Ends with what does not hold."""
    if not holds:
        raise AssertionError(text)
    print(f"  {text}")


def page(installation):
    """A page as `cargo xtask deploy` uploads it: it has what the browser's tests look at in the real one."""
    bucket = installation.rendered.outputs["frontend_bucket"]
    put = installation.s3.put_object
    for_ever = "public, max-age=31536000, immutable"
    put(Bucket=bucket, Key="assets/app-1.js", Body=b"plain", CacheControl=for_ever, ContentType="text/javascript")
    put(Bucket=bucket, Key="assets/app-1.js.br", Body=b"packed", CacheControl=for_ever, ContentEncoding="br",
        ContentType="text/javascript")
    for key in ("index.html", "index.html.br"):
        put(Bucket=bucket, Key=key, Body=b'<html><script src="/assets/app-1.js"></script></html>',
            ContentType="text/html")


def objects(installation):
    """Everything in the buckets of pictures."""
    names = installation.rendered.outputs
    listings = (installation.s3.list_objects_v2(Bucket=names[f"{b}_bucket"]) for b in ("uploads", "processed"))
    return [item["Key"] for listing in listings for item in listing.get("Contents", [])]


def hostile(visitor):
    """Files that are not what they say have to fail, visibly, each with its reason."""
    good = smoke.picture()
    for name, content, code in [
        ("notes.png", b"not a picture, whatever its name says", "not_an_image"),
        ("half.png", good[: len(good) // 2], "corrupt"),
        ("bomb.png", good[:16] + b"\x7f\xff\xff\xff\x7f\xff\xff\xff" + good[24:], None),
    ]:
        image = visitor.upload(name, "image/png", content)
        got = image["error"]["code"] if image["error"] else image["status"]
        expect(image["status"] == "failed" and code in (None, got), f"{name} failed: {got}")
        visitor.json(f"/api/image/{image['key']}", "DELETE")


def forged(visitor):
    """What the policy does not allow is refused by S3."""
    good = smoke.picture()
    signed = visitor.sign("a.png", "image/png", good)
    status, _, _ = visitor.post(signed, good + b"more")
    expect(status in (400, 403), f"more bytes than signed are refused ({status})")
    fields = signed["fields"]
    pairs = fields if isinstance(fields, list) else list(fields.items())
    other = [[n, "uploads/elsewhere" if n == "key" else v] for n, v in pairs]
    status, _, _ = visitor.post({**signed, "fields": other}, good)
    expect(status in (400, 403), f"another key than signed is refused ({status})")
    spoilt = [[n, v[::-1] if n == "x-amz-signature" else v] for n, v in pairs]
    status, _, _ = visitor.post({**signed, "fields": spoilt}, good)
    expect(status in (400, 403), f"a wrong signature is refused ({status})")


def origins(installation, visitor):
    """Only pages of the site may read what S3 answers to an upload."""
    site = installation.rendered.outputs["site_url"]
    for origin, allowed in ((site, True), ("https://elsewhere.example.org", False)):
        signed = visitor.sign("a.png", "image/png", smoke.picture())
        guest = smoke.Visitor(visitor.address, visitor.host, origin)
        _, headers, _ = guest.post(signed, smoke.picture())
        given = headers["access-control-allow-origin"]
        expect((given == origin) == allowed, f"an upload from {origin} may{'' if allowed else ' not'} be read ({given})")
        if allowed:
            visitor.finished(signed["key"])
        visitor.json(f"/api/image/{signed['key']}", "DELETE")


def poison(installation):
    """A message that is no event goes to the dead letters after five tries."""
    outputs, sqs = installation.rendered.outputs, installation.sqs
    queue, dead = installation.real(outputs["queue_url"]), installation.real(outputs["dead_letters_url"])
    # Six minutes between tries are right, and too long to wait for.
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "1"})
    sqs.send_message(QueueUrl=queue, MessageBody="poison")
    deadline = time.monotonic() + DEAD_S
    while time.monotonic() < deadline:
        found = sqs.receive_message(QueueUrl=dead, AttributeNames=["All"], WaitTimeSeconds=1).get("Messages", [])
        if found:
            tries = found[0]["Attributes"].get("ApproximateReceiveCount")
            expect(found[0]["Body"] == "poison", f"poison is among the dead letters (received {tries} times)")
            return
    raise AssertionError("poison did not reach the dead letters")


def roll_back(installation, visitor):
    """A release that does not work is taken back by pointing the alias at the version before."""
    name = installation.rendered.one("aws_lambda_function.edge_api")["function_name"]
    lambdas = installation.lambdas
    settings = lambdas.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    broken = {**settings, "PROCESSED_BUCKET": "no-such-bucket-here"}
    lambdas.update_function_configuration(FunctionName=name, Environment={"Variables": broken})
    version = lambdas.publish_version(FunctionName=name)["Version"]
    lambdas.update_alias(FunctionName=name, Name="live", FunctionVersion=version)
    status, _, _ = visitor.ask("/api/health")
    expect(status >= 500, f"a broken release answers {status}")
    lambdas.update_alias(FunctionName=name, Name="live", FunctionVersion=str(int(version) - 1))
    status, _, _ = visitor.ask("/api/health")
    expect(status == 200, "the version before it answers again")

    bucket, key = installation.rendered.outputs["frontend_bucket"], "index.html"
    installation.s3.put_object(Bucket=bucket, Key=key, Body=b"<html>broken</html>", ContentType="text/html")
    versions = installation.s3.list_object_versions(Bucket=bucket, Prefix=key)["Versions"]
    before = next(v for v in versions if v["Key"] == key and not v["IsLatest"])
    source = {"Bucket": bucket, "Key": key, "VersionId": before["VersionId"]}
    installation.s3.copy_object(Bucket=bucket, Key=key, CopySource=source)
    body = installation.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    expect(b"app-1.js" in body, "and the page before it is back")


def field(line, place):
    """What a line of a log says at `$.a.b`; None if it says nothing there."""
    for step in place.removeprefix("$.").split("."):
        line = line.get(step) if isinstance(line, dict) else None
    return line


def numbers(installation):
    """The patterns that numbers are read from logs by have to fit what the processor really writes."""
    logs = installation.emulator.client("logs")
    for address, metric in installation.rendered.of("aws_cloudwatch_log_metric_filter"):
        events = logs.filter_log_events(logGroupName=metric["log_group_name"])["events"]
        lines = [json.loads(e["message"]) for e in events if e["message"].startswith("{")]
        # The emulator does not read patterns, which here are `{ $.a = "x" && $.b = "*" }`.
        wanted = re.findall(r'(\$[\w.]+) = "([^"]*)"', metric["pattern"])
        found = [line for line in lines if all(
            field(line, place) == value or (value == "*" and field(line, place)) for place, value in wanted)]
        expect(wanted and found, f"{address} counts {len(found)} of {len(lines)} lines")
        for name, place in (metric["metric_transformation"][0]["dimensions"] or {}).items():
            values = {field(line, place) for line in found}
            expect(all(isinstance(value, str) for value in values), f"by {name}: {', '.join(sorted(values))}")


def main():
    """One installation from nothing to a thumbnail."""
    rendered = Rendered(sys.argv[1])
    with Emulator(sys.argv[3]) as emulator:
        try:
            installation = Installation(emulator, rendered, sys.argv[2])
            installation.set_up()
            page(installation)
            visitor = smoke.Visitor(emulator.url, installation.site_host, rendered.outputs["site_url"])
            smoke.look_at_page(visitor)
            smoke.look_at_api(visitor)
            expect(True, "page and API answer through the CDN")
            expect(True, f"a picture was ready after {smoke.send_a_picture(visitor):.1f} s")
            smoke.nobody_goes_round(emulator.url + installation.api_path)
            expect(True, "who comes round the CDN finds nothing")
            hostile(visitor)
            forged(visitor)
            origins(installation, visitor)
            expect(objects(installation) == [], "nothing is left of deleted images")
            numbers(installation)
            poison(installation)
            roll_back(installation, visitor)
        except Exception:
            print(emulator.log(), file=sys.stderr)
            raise
    return 0


if __name__ == "__main__":
    sys.exit(main())
