"""The calls to AWS that the functions make, and what each needs; and some that they have no business with.

An operation of the SDK that is in the code and not here fails the check, as does one that is here and not there.
"""
UPLOADS = "arn:aws:s3:::imagasaur-test-000000000000-uploads"
PROCESSED = "arn:aws:s3:::imagasaur-test-000000000000-processed"
FRONTEND = "arn:aws:s3:::imagasaur-test-000000000000-frontend"
QUEUE = "arn:aws:sqs:eu-central-1:000000000000:imagasaur-test-originals"
DEAD_LETTERS = "arn:aws:sqs:eu-central-1:000000000000:imagasaur-test-dead-letters"
LOGS = "arn:aws:logs:eu-central-1:000000000000:log-group:/aws/lambda/imagasaur-test"
TABLE = "arn:aws:dynamodb:eu-central-1:000000000000:table/imagasaur-test-connections"
CONNECTIONS = "arn:aws:execute-api:eu-central-1:000000000000:live000000/live/POST/@connections/abc="

ID = "fe5c1a2b3c4d00112233445566778899"
ORIGINAL = f"{UPLOADS}/uploads/{ID}/IMG 1.jpg"
ENTRY = f"{PROCESSED}/images/{ID}/failed,image/jpeg,12,corrupt/IMG 1.jpg"
THUMBNAIL = f"{PROCESSED}/thumbs/{ID}/100x100-0123456789abcdef.jpg"


def listing(bucket, prefix):
    """A listing below a prefix."""
    return ("s3:ListBucket", bucket, {"s3:prefix": prefix})


# Where the code is, and for each operation of the SDK what it needs.
CODE = {
    "edge_api": ("edge-api/src", {
        "head_bucket": [("s3:ListBucket", PROCESSED, {})],
        "list_objects_v2": [
            listing(PROCESSED, "images/"), listing(PROCESSED, f"images/{ID}/"), listing(PROCESSED, f"thumbs/{ID}/"),
            listing(UPLOADS, f"uploads/{ID}/"), listing(UPLOADS, "uploads/"),
        ],
        # Of an entry, and of an original in the name of a browser.
        "get_object": [("s3:GetObject", ENTRY, {}), ("s3:GetObject", ORIGINAL, {})],
        "delete_objects": [
            ("s3:DeleteObject", ORIGINAL, {}), ("s3:DeleteObject", ENTRY, {}), ("s3:DeleteObject", THUMBNAIL, {}),
        ],
    }),
    "processor": ("processor/src", {
        # The second is what tells an original that is gone from one that may not be seen.
        "head_object": [("s3:GetObject", ORIGINAL, {}), ("s3:ListBucket", UPLOADS, {})],
        "get_object": [("s3:GetObject", ORIGINAL, {})],
        "put_object": [("s3:PutObject", ENTRY, {}), ("s3:PutObject", THUMBNAIL, {})],
        "list_objects_v2": [listing(PROCESSED, f"images/{ID}/"), listing(PROCESSED, f"thumbs/{ID}/")],
        "delete_object": [("s3:DeleteObject", ENTRY, {}), ("s3:DeleteObject", THUMBNAIL, {})],
    }),
}


def log(function):
    """What Lambda writes in the function's name."""
    stream = f"{LOGS}-{function}:log-stream:2026/11/22/[$LATEST]0"
    return [("logs:CreateLogStream", stream, {}), ("logs:PutLogEvents", stream, {})]


# What is done in a function's name without a call of the SDK.
BESIDES = {
    # The browser's upload is S3 acting on the signature of the function.
    "edge_api": [("s3:PutObject", ORIGINAL, {})] + log("edge-api"),
    "processor": [
        (f"sqs:{action}", QUEUE, {}) for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
    ] + log("processor"),
}

# With live updates switched on.
LIVE = {
    # It tells pages of images that are deleted.
    "edge_api": [
        ("dynamodb:PutItem", TABLE, {}), ("dynamodb:Scan", TABLE, {}), ("dynamodb:DeleteItem", TABLE, {}),
        ("execute-api:ManageConnections", CONNECTIONS, {}),
    ],
    "processor": [
        ("dynamodb:Scan", TABLE, {}), ("dynamodb:DeleteItem", TABLE, {}),
        ("execute-api:ManageConnections", CONNECTIONS, {}),
    ],
}

# What neither has business with.
NOBODY = [
    ("s3:GetObject", f"{FRONTEND}/index.html", {}),
    ("s3:PutObject", f"{FRONTEND}/index.html", {}),
    ("s3:ListBucket", FRONTEND, {}),
    ("s3:GetObject", "arn:aws:s3:::imagasaur-other-000000000000-uploads/uploads/x", {}),
    ("s3:GetObject", "arn:aws:s3:::imagasaur-000000000000-terraform-state/imagasaur.tfstate", {}),
    ("s3:ListAllMyBuckets", "*", {}),
    ("s3:DeleteBucket", UPLOADS, {}),
    ("s3:PutBucketPolicy", UPLOADS, {}),
    ("s3:PutBucketPolicy", PROCESSED, {}),
    ("s3:PutBucketNotification", UPLOADS, {}),
    ("s3:PutLifecycleConfiguration", UPLOADS, {}),
    ("s3:PutObjectAcl", ORIGINAL, {}),
    ("s3:PutObjectTagging", ORIGINAL, {}),
    ("s3:GetObjectVersion", ORIGINAL, {}),
    ("s3:DeleteObjectVersion", ORIGINAL, {}),
    ("s3:PutObject", f"{UPLOADS}/elsewhere", {}),
    ("s3:GetObject", f"{UPLOADS}/elsewhere", {}),
    ("s3:PutObject", f"{PROCESSED}/elsewhere", {}),
    ("s3:GetObject", THUMBNAIL, {}),
    ("sqs:SendMessage", QUEUE, {}),
    ("sqs:PurgeQueue", QUEUE, {}),
    ("sqs:ReceiveMessage", DEAD_LETTERS, {}),
    ("sqs:SetQueueAttributes", QUEUE, {}),
    ("logs:CreateLogGroup", f"{LOGS}-edge-api", {}),
    ("logs:DeleteLogGroup", f"{LOGS}-processor", {}),
    ("logs:GetLogEvents", f"{LOGS}-processor:log-stream:a", {}),
    ("lambda:InvokeFunction", "arn:aws:lambda:eu-central-1:000000000000:function:imagasaur-test-processor", {}),
    ("lambda:UpdateFunctionCode", "arn:aws:lambda:eu-central-1:000000000000:function:imagasaur-test-edge-api", {}),
    ("iam:PassRole", "arn:aws:iam::000000000000:role/imagasaur-test-processor", {}),
    ("iam:CreateUser", "arn:aws:iam::000000000000:user/x", {}),
    ("sts:AssumeRole", "arn:aws:iam::000000000000:role/imagasaur-test-processor", {}),
    ("kms:Decrypt", "arn:aws:kms:eu-central-1:000000000000:key/x", {}),
    ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-central-1:000000000000:secret:x", {}),
    ("dynamodb:DeleteTable", TABLE, {}),
    ("ec2:RunInstances", "arn:aws:ec2:eu-central-1:000000000000:instance/*", {}),
]

# What the other one does.
FORBIDDEN = {
    "edge_api": [
        ("s3:PutObject", ENTRY, {}), ("s3:PutObject", THUMBNAIL, {}),
        ("s3:ListBucket", UPLOADS, {}), listing(UPLOADS, ""), listing(UPLOADS, "elsewhere/"),
        ("sqs:ReceiveMessage", QUEUE, {}), ("sqs:DeleteMessage", QUEUE, {}),
        ("logs:PutLogEvents", f"{LOGS}-processor:log-stream:a", {}),
    ],
    "processor": [
        ("s3:PutObject", ORIGINAL, {}), ("s3:DeleteObject", ORIGINAL, {}), ("s3:GetObject", ENTRY, {}),
        ("s3:ListBucket", PROCESSED, {}), listing(PROCESSED, ""), listing(PROCESSED, "elsewhere/"),
        ("logs:PutLogEvents", f"{LOGS}-edge-api:log-stream:a", {}),
        ("dynamodb:PutItem", TABLE, {}),
    ],
}
