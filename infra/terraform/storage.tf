# Three private buckets: originals, what is made of them, and the page.

resource "aws_s3_bucket" "main" {
  for_each = local.bucket_names

  bucket        = each.value
  force_destroy = var.allow_destroy
}

resource "aws_s3_bucket_public_access_block" "main" {
  for_each = aws_s3_bucket.main

  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "main" {
  for_each = aws_s3_bucket.main

  bucket = each.value.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "main" {
  for_each = aws_s3_bucket.main

  bucket = each.value.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

locals {
  # What only CloudFront may read, and where.
  cdn_readable = {
    uploads   = []
    processed = ["${local.prefixes.thumbnails}*"]
    frontend  = ["*"]
  }
}

resource "aws_s3_bucket_policy" "main" {
  for_each = aws_s3_bucket.main

  bucket = each.value.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Sid       = "OnlyOverTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [each.value.arn, "${each.value.arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      }],
      [for pattern in local.cdn_readable[each.key] : {
        Sid       = "ReadByTheCdn"
        Effect    = "Allow"
        Principal = { Service = "cloudfront.amazonaws.com" }
        Action    = "s3:GetObject"
        Resource  = "${each.value.arn}/${pattern}"
        Condition = { StringEquals = { "aws:SourceArn" = aws_cloudfront_distribution.site.arn } }
      }],
      [for role in each.key == "uploads" && var.enable_malware_protection ? ["everyone"] : [] : {
        Sid       = "NobodyReadsMalware"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:GetObject"
        Resource  = "${each.value.arn}/*"
        Condition = { StringEquals = { "s3:ExistingObjectTag/${local.scan_tag}" = "THREATS_FOUND" } }
      }],
    )
  })

  # A policy is only taken once public ones are known to be blocked.
  depends_on = [aws_s3_bucket_public_access_block.main]
}

# Browsers post from the site, and from nowhere else.
resource "aws_s3_bucket_cors_configuration" "uploads" {
  bucket = aws_s3_bucket.main["uploads"].id

  cors_rule {
    allowed_methods = ["POST"]
    allowed_origins = [local.site_origin]
    allowed_headers = ["*"]
    expose_headers  = ["ETag"]
    max_age_seconds = 3600
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "uploads" {
  bucket = aws_s3_bucket.main["uploads"].id

  rule {
    id     = "incomplete-multipart-uploads"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }

  # Smaller objects would cost more to watch than they save.
  rule {
    id     = "rarely-read-originals"
    status = "Enabled"

    filter {
      and {
        prefix                   = local.prefixes.originals
        object_size_greater_than = 131072
      }
    }

    transition {
      days          = 0
      storage_class = "INTELLIGENT_TIERING"
    }
  }

  dynamic "rule" {
    for_each = var.originals_expire_after_days[*]

    content {
      id     = "old-originals"
      status = "Enabled"

      filter {
        prefix = local.prefixes.originals
      }

      expiration {
        days = rule.value
      }
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "processed" {
  bucket = aws_s3_bucket.main["processed"].id

  rule {
    id     = "incomplete-multipart-uploads"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }

  # With replication, which needs versions: what a person has deleted is gone for good a day later.
  dynamic "rule" {
    for_each = var.replica_region[*]

    content {
      id     = "deleted-objects"
      status = "Enabled"

      filter {}

      noncurrent_version_expiration {
        noncurrent_days = 1
      }

      expiration {
        expired_object_delete_marker = true
      }
    }
  }

  depends_on = [aws_s3_bucket_versioning.processed]
}

# The page as it was before a release can be brought back for a month.
resource "aws_s3_bucket_versioning" "frontend" {
  bucket = aws_s3_bucket.main["frontend"].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "frontend" {
  bucket = aws_s3_bucket.main["frontend"].id

  rule {
    id     = "earlier-releases"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }

  depends_on = [aws_s3_bucket_versioning.frontend]
}

# Each original that arrives becomes a message.
resource "aws_s3_bucket_notification" "uploads" {
  bucket = aws_s3_bucket.main["uploads"].id
  # GuardDuty hears of new objects by EventBridge and would switch this on; without it here, an apply would switch it off.
  eventbridge = var.enable_malware_protection

  queue {
    id            = "originals"
    queue_arn     = aws_sqs_queue.originals.arn
    events        = ["s3:ObjectCreated:*"]
    filter_prefix = local.prefixes.originals
  }

  # S3 tries the queue when the notification is set up.
  depends_on = [aws_sqs_queue_policy.originals]
}
