"""Proves least privilege of the rendered roles: every call of the code is allowed, what is not their business is
denied, and no permission is there that no call needs.

    permissions.py ROOT RENDERED...
"""
import itertools
import json
import pathlib
import re
import sys
import warnings

import botocore.session
from botocore import xform_name

import calls
from policies import as_list, decide
from rendered import Rendered

OVER_TLS = {"aws:SecureTransport": "true"}
CDN = {"Service": "cloudfront.amazonaws.com"}
DISTRIBUTION = "arn:aws:cloudfront::000000000000:distribution/E0000000000000"
NOTES = []


def check(holds, text):
    """Notes what does not hold."""
    if not holds:
        NOTES.append(text)


def operations_in(folder):
    """Operations of S3 that the code calls."""
    known = {xform_name(name) for name in botocore.session.get_session().get_service_model("s3").operation_names}
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.rs")))
    return set(re.findall(r"\.(\w+)\(\)", text)) & known


def own_policies(rendered, function):
    """The policies of a function's role, by address."""
    start = f"aws_iam_role_policy.{function}"
    return {
        address: json.loads(values["policy"])
        for address, values in rendered.of("aws_iam_role_policy") if re.match(rf"{start}(_vpc)?(\[|$)", address)
    }


def resource_policies(rendered, arn):
    """The policies of the bucket or queue that an ARN lies in."""
    buckets = [json.loads(v["policy"]) for _, v in rendered.of("aws_s3_bucket_policy")]
    queues = [json.loads(v["policy"]) for _, v in rendered.of("aws_sqs_queue_policy")]
    return [p for p in buckets + queues if any(r == arn.split("/")[0] for s in p["Statement"] for r in as_list(s["Resource"]))]


def allowed(rendered, own, action, resource, context, caller):
    """Whether the call goes through, with the policies of caller and resource together."""
    call = {"action": action, "resource": resource, "context": context, "caller": caller}
    return decide(own, resource_policies(rendered, resource), call)


def without_one_permission(policy):
    """The policy without each single pair of action and resource of each allowing statement, with its name."""
    for index, statement in enumerate(policy["Statement"]):
        if statement["Effect"] != "Allow" or statement.get("Sid") == "PlaceInNetwork":
            continue
        for action, resource in itertools.product(as_list(statement["Action"]), as_list(statement["Resource"])):
            rest = [
                {**statement, "Action": a, "Resource": r}
                for a, r in itertools.product(as_list(statement["Action"]), as_list(statement["Resource"]))
                if (a, r) != (action, resource)
            ]
            others = [s for i, s in enumerate(policy["Statement"]) if i != index]
            yield f"{action} on {resource}", {**policy, "Statement": others + rest}


def moto_says(policy, action, resource):
    """A second opinion, of moto, which knows neither conditions nor policies of resources."""
    from moto.iam.access_control import IAMPolicy, PermissionResult
    result = IAMPolicy({"policy_document": json.dumps(policy)}).is_action_permitted(action, resource)
    return result == PermissionResult.PERMITTED


def check_function(root, rendered, name, function):
    """One role: its calls, what it must not, and that nothing is left over."""
    folder, needs = calls.CODE[function]
    found = operations_in(root / folder)
    check(found == set(needs), f"{folder} calls {sorted(found)}, checks/calls.py says {sorted(needs)}")
    has_live = rendered.has("aws_apigatewayv2_api.live[0]")
    wanted = sum(needs.values(), []) + calls.BESIDES[function] + (calls.LIVE[function] if has_live else [])
    forbidden = calls.NOBODY + calls.FORBIDDEN[function] + ([] if has_live else calls.LIVE[function])
    by_address = own_policies(rendered, function)
    own = list(by_address.values())
    role = {"AWS": f"arn:aws:iam::000000000000:role/imagasaur-test-{function.replace('_', '-')}"}

    for action, resource, context in wanted:
        call = (action, resource, {**context, **OVER_TLS}, role)
        check(allowed(rendered, own, *call), f"{name}: {function} cannot do {action} on {resource} {context}")
        unsafe = (action, resource, {**context, "aws:SecureTransport": "false"}, role)
        if action.startswith(("s3:", "sqs:")):
            check(not allowed(rendered, own, *unsafe), f"{name}: {function} may do {action} on {resource} without TLS")
    for action, resource, context in forbidden:
        call = (action, resource, {**context, **OVER_TLS}, role)
        check(not allowed(rendered, own, *call), f"{name}: {function} may do {action} on {resource} {context}")

    whole = {"Version": "2012-10-17", "Statement": [s for p in own for s in p["Statement"]]}
    for action, resource, _ in wanted:
        check(moto_says(whole, action, resource), f"{name}: moto says that {function} cannot do {action} on {resource}")
    free = {"Version": "2012-10-17", "Statement": [s for s in whole["Statement"] if "Condition" not in s]}
    for action, resource, context in forbidden:
        check(context or not moto_says(free, action, resource), f"{name}: moto says that {function} may do {action} on {resource}")

    for lacking, rest in without_one_permission(whole):
        goes = all(decide([rest], [], {"action": a, "resource": r, "context": {**c, **OVER_TLS}, "caller": None}) for a, r, c in wanted)
        check(not goes, f"{name}: {function} has {lacking}, which no call needs")
    return len(wanted), len(forbidden)


def check_buckets(rendered, name):
    """What the CDN, others' CDNs, S3's events and strangers may."""
    ours, others = {"aws:SourceArn": DISTRIBUTION, **OVER_TLS}, {"aws:SourceArn": DISTRIBUTION + "X", **OVER_TLS}
    page, key = f"{calls.FRONTEND}/assets/app.js", "s3:GetObject"
    event = {"aws:SourceArn": calls.UPLOADS, "aws:SourceAccount": "000000000000", **OVER_TLS}
    s3 = {"Service": "s3.amazonaws.com"}
    expected = [
        (True, key, page, ours, CDN), (True, key, calls.THUMBNAIL, ours, CDN),
        (False, key, calls.ENTRY, ours, CDN), (False, key, calls.ORIGINAL, ours, CDN),
        (False, key, page, others, CDN), (False, key, calls.THUMBNAIL, others, CDN),
        (False, "s3:PutObject", page, ours, CDN), (False, "s3:ListBucket", calls.PROCESSED, ours, CDN),
        (False, key, page, OVER_TLS, {"AWS": "*"}), (False, key, calls.ORIGINAL, OVER_TLS, {"AWS": "*"}),
        (True, "sqs:SendMessage", calls.QUEUE, event, s3),
        (False, "sqs:SendMessage", calls.QUEUE, {**event, "aws:SourceArn": calls.PROCESSED}, s3),
        (False, "sqs:SendMessage", calls.QUEUE, {**event, "aws:SourceAccount": "111111111111"}, s3),
        (False, "sqs:ReceiveMessage", calls.QUEUE, event, s3),
    ]
    for wanted, action, resource, context, caller in expected:
        got = allowed(rendered, [], action, resource, context, caller)
        check(got == wanted, f"{name}: {caller} may{'' if got else ' not'} do {action} on {resource} {context}")
    if rendered.has("aws_guardduty_malware_protection_plan.uploads[0]"):
        role = {"AWS": "arn:aws:iam::000000000000:role/imagasaur-test-edge-api"}
        tag = "s3:ExistingObjectTag/GuardDutyMalwareScanStatus"
        for function in calls.CODE:
            own = list(own_policies(rendered, function).values())
            call = (key, calls.ORIGINAL, {tag: "THREATS_FOUND", **OVER_TLS}, role)
            check(not allowed(rendered, own, *call), f"{name}: {function} may read an original with a finding")
    return len(expected)


def problems(root, rendered, name):
    """All that does not hold, and how much was asked."""
    NOTES.clear()
    counts = [check_function(root, rendered, name, function) for function in calls.CODE]
    asked = check_buckets(rendered, name)
    needed, denied = (sum(column) for column in zip(*counts))
    return list(NOTES), f"{needed} calls allowed, {denied} denied, {asked} asked of buckets and queue"


def main():
    """Checks each file named after the root of the repository."""
    warnings.filterwarnings("ignore")
    root, wrong = pathlib.Path(sys.argv[1]), []
    for path in sys.argv[2:]:
        found, summary = problems(root, Rendered(path), pathlib.Path(path).stem)
        wrong += found
        print(f"{pathlib.Path(path).stem}: {summary}")
    for note in wrong:
        print(f"error: {note}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
