"""Breaks the rendered policies, one thing at a time, and asks permissions.py whether it notices: a proof that
cannot fail proves nothing.

    mutations.py ROOT RENDERED
"""
import copy
import json
import pathlib
import sys
import warnings

import permissions
from rendered import Rendered

EDGE_API, PROCESSOR = "aws_iam_role_policy.edge_api", "aws_iam_role_policy.processor"
PROCESSED, UPLOADS = 'aws_s3_bucket_policy.main["processed"]', 'aws_s3_bucket_policy.main["uploads"]'
QUEUE = "aws_sqs_queue_policy.originals"
BUCKET = "arn:aws:s3:::imagasaur-test-000000000000"

# Which policy, which of its statements, and what is said there instead (None: nothing, `...`: without it).
MUTATIONS = [
    (EDGE_API, "SignUploadsAndReadOriginals", {"Action": ["s3:PutObject", "s3:DeleteObject"]}),
    (EDGE_API, "SignUploadsAndReadOriginals", {"Action": ["s3:GetObject", "s3:DeleteObject"]}),
    (EDGE_API, "SignUploadsAndReadOriginals", {"Action": "s3:*"}),
    (EDGE_API, "SignUploadsAndReadOriginals", {"Resource": f"{BUCKET}-uploads/*"}),
    (EDGE_API, "SignUploadsAndReadOriginals", {"Resource": "arn:aws:s3:::*"}),
    (EDGE_API, "ListEntriesAndThumbnails", {"Condition": {"StringLike": {"s3:prefix": "images/*"}}}),
    (EDGE_API, "FindOriginals", {"Condition": ...}),
    (EDGE_API, "ReadEntries", {"Action": ["s3:GetObject", "s3:GetObjectTagging"]}),
    (EDGE_API, "DeleteEntriesAndThumbnails", {"Resource": f"{BUCKET}-processed/images/*"}),
    (PROCESSOR, "SeeThatAnOriginalIsGone", None),
    (PROCESSOR, "ReadOriginals", {"Action": ["s3:GetObject", "s3:DeleteObject"]}),
    (PROCESSOR, "WriteAndRemoveResults", {"Resource": f"{BUCKET}-processed/*"}),
    (PROCESSOR, "TakeMessages", {"Action": "sqs:*"}),
    (PROCESSOR, "WriteItsLog", {"Resource": "arn:aws:logs:eu-central-1:000000000000:log-group:*"}),
    (PROCESSED, "ReadByTheCdn", {"Resource": f"{BUCKET}-processed/*"}),
    (PROCESSED, "ReadByTheCdn", {"Condition": ...}),
    (PROCESSED, "ReadByTheCdn", {"Principal": "*", "Condition": ...}),
    (UPLOADS, "OnlyOverTls", {"Action": "s3:PutObject"}),
    (QUEUE, "EventsOfTheUploadsBucket", {"Condition": ...}),
    (QUEUE, "EventsOfTheUploadsBucket", {"Action": "sqs:*"}),
]


def mutated(rendered, address, sid, change):
    """A copy with one statement changed."""
    copied = copy.deepcopy(rendered)
    values = copied.one(address)
    policy = json.loads(values["policy"])
    statement = next(s for s in policy["Statement"] if s.get("Sid") == sid)
    if change is None:
        policy["Statement"].remove(statement)
    else:
        for key, value in change.items():
            statement.pop(key) if value is ... else statement.update({key: value})
    values["policy"] = json.dumps(policy)
    return copied


def main():
    """Tries them all."""
    warnings.filterwarnings("ignore")
    root, rendered = pathlib.Path(sys.argv[1]), Rendered(sys.argv[2])
    missed = [
        mutation for mutation in MUTATIONS if not permissions.problems(root, mutated(rendered, *mutation), "mutated")[0]
    ]
    for address, sid, change in missed:
        print(f"error: nobody noticed that {address} says {change} in {sid}")
    print(f"{len(MUTATIONS)} broken policies, {len(MUTATIONS) - len(missed)} noticed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
