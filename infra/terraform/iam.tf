# One role a function, with exactly the calls that its code makes. `cargo xtask test --only infra` proves both
# halves: what the code does is allowed, and what it has no business with is not.

locals {
  uploads_arn   = aws_s3_bucket.main["uploads"].arn
  processed_arn = aws_s3_bucket.main["processed"].arn

  originals_arn  = "${local.uploads_arn}/${local.prefixes.originals}*"
  thumbnails_arn = "${local.processed_arn}/${local.prefixes.thumbnails}*"
  entries_arn    = "${local.processed_arn}/${local.prefixes.entries}*"

  assumed_by_lambda = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role" "edge_api" {
  permissions_boundary = var.permissions_boundary_arn
  name                 = "${local.name}-edge-api"
  description          = "What the API may do"
  assume_role_policy   = local.assumed_by_lambda
}

resource "aws_iam_role_policy" "edge_api" {
  name = "edge-api"
  role = aws_iam_role.edge_api.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          # What it signs for browsers is done in its name: the upload, and the reading of an original.
          Sid      = "SignUploadsAndReadOriginals"
          Effect   = "Allow"
          Action   = ["s3:PutObject", "s3:GetObject", "s3:DeleteObject"]
          Resource = local.originals_arn
        },
        {
          Sid       = "FindOriginals"
          Effect    = "Allow"
          Action    = "s3:ListBucket"
          Resource  = local.uploads_arn
          Condition = { StringLike = { "s3:prefix" = "${local.prefixes.originals}*" } }
        },
        {
          # HeadBucket, which the health check does, is this permission without a prefix.
          Sid      = "ListEntriesAndThumbnails"
          Effect   = "Allow"
          Action   = "s3:ListBucket"
          Resource = local.processed_arn
        },
        {
          Sid      = "ReadEntries"
          Effect   = "Allow"
          Action   = "s3:GetObject"
          Resource = local.entries_arn
        },
        {
          Sid      = "DeleteEntriesAndThumbnails"
          Effect   = "Allow"
          Action   = "s3:DeleteObject"
          Resource = [local.entries_arn, local.thumbnails_arn]
        },
        {
          Sid      = "WriteItsLog"
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = "${aws_cloudwatch_log_group.edge_api.arn}:*"
        },
      ],
      local.live_connection_statements,
    )
  })
}

resource "aws_iam_role" "processor" {
  permissions_boundary = var.permissions_boundary_arn
  name                 = "${local.name}-processor"
  description          = "What the processor may do"
  assume_role_policy   = local.assumed_by_lambda
}

resource "aws_iam_role_policy" "processor" {
  name = "processor"
  role = aws_iam_role.processor.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid      = "TakeMessages"
          Effect   = "Allow"
          Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
          Resource = aws_sqs_queue.originals.arn
        },
        {
          Sid      = "ReadOriginals"
          Effect   = "Allow"
          Action   = "s3:GetObject"
          Resource = local.originals_arn
        },
        {
          # Without it S3 answers 403 instead of 404 for an original that is gone, and carries no prefix with it.
          Sid      = "SeeThatAnOriginalIsGone"
          Effect   = "Allow"
          Action   = "s3:ListBucket"
          Resource = local.uploads_arn
        },
        {
          Sid      = "WriteAndRemoveResults"
          Effect   = "Allow"
          Action   = ["s3:PutObject", "s3:DeleteObject"]
          Resource = [local.entries_arn, local.thumbnails_arn]
        },
        {
          Sid      = "FindEarlierResults"
          Effect   = "Allow"
          Action   = "s3:ListBucket"
          Resource = local.processed_arn
          Condition = {
            StringLike = { "s3:prefix" = ["${local.prefixes.entries}*", "${local.prefixes.thumbnails}*"] }
          }
        },
        {
          Sid      = "WriteItsLog"
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = "${aws_cloudwatch_log_group.processor.arn}:*"
        },
      ],
      local.live_publish_statements,
    )
  })
}
