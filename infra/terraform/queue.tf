# From an original that has arrived to a call of the processor. What fails five times stays among the dead letters.

locals {
  least_visibility_timeout_s = 6 * var.processor_timeout_s + var.batch_window_s
  # processor/src/process.rs counts to the same number and records a failure at the last try.
  max_tries = 5
}

resource "aws_sqs_queue" "originals" {
  name                       = "${local.name}-originals"
  visibility_timeout_seconds = coalesce(var.queue_visibility_timeout_s, local.least_visibility_timeout_s)
  message_retention_seconds  = 4 * 24 * 3600
  receive_wait_time_seconds  = 20
  sqs_managed_sse_enabled    = true

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letters.arn
    maxReceiveCount     = local.max_tries
  })
}

resource "aws_sqs_queue" "dead_letters" {
  name                      = "${local.name}-dead-letters"
  message_retention_seconds = 14 * 24 * 3600
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue_redrive_allow_policy" "dead_letters" {
  queue_url = aws_sqs_queue.dead_letters.id

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.originals.arn]
  })
}

resource "aws_sqs_queue_policy" "originals" {
  queue_url = aws_sqs_queue.originals.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "EventsOfTheUploadsBucket"
        Effect    = "Allow"
        Principal = { Service = "s3.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = aws_sqs_queue.originals.arn
        Condition = {
          ArnEquals    = { "aws:SourceArn" = aws_s3_bucket.main["uploads"].arn }
          StringEquals = { "aws:SourceAccount" = local.account_id }
        }
      },
      {
        Sid       = "OnlyOverTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = aws_sqs_queue.originals.arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

resource "aws_lambda_event_source_mapping" "originals" {
  event_source_arn                   = aws_sqs_queue.originals.arn
  function_name                      = aws_lambda_alias.processor.arn
  batch_size                         = var.batch_size
  maximum_batching_window_in_seconds = var.batch_window_s
  # Of a batch, only what failed comes again.
  function_response_types = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = var.processor_max_concurrency
  }

  depends_on = [aws_iam_role_policy.processor]
}
