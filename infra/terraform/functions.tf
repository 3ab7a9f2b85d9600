# The two functions. Calls go to the alias `live`, so that going back to an earlier version is one call.

locals {
  packages = {
    edge_api  = "${var.dist_dir}/edge-api.zip"
    processor = "${var.dist_dir}/processor.zip"
  }
}

resource "aws_lambda_function" "edge_api" {
  function_name    = "${local.name}-edge-api"
  description      = "The API: signs uploads, lists images"
  role             = aws_iam_role.edge_api.arn
  filename         = local.packages.edge_api
  source_code_hash = filebase64sha256(local.packages.edge_api)
  runtime          = "provided.al2023"
  handler          = "bootstrap"
  architectures    = ["arm64"]
  memory_size      = 512
  # The router ends a request after 20 s, and API Gateway waits for 30 s.
  timeout = 25
  publish = true

  environment {
    variables = merge(
      {
        UPLOADS_BUCKET   = aws_s3_bucket.main["uploads"].id
        PROCESSED_BUCKET = aws_s3_bucket.main["processed"].id
        MAX_BYTES        = tostring(var.max_upload_bytes)
        MAX_PIXELS       = tostring(var.max_pixels)
        ORIGIN_SECRETS   = join(",", compact([var.origin_secret, var.previous_origin_secret]))
      },
      local.live_environment,
    )
  }

  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.edge_api.name
  }

  dynamic "vpc_config" {
    for_each = aws_vpc.main

    content {
      subnet_ids         = aws_subnet.private[*].id
      security_group_ids = aws_security_group.functions[*].id
    }
  }

  depends_on = [aws_iam_role_policy.edge_api, aws_iam_role_policy.edge_api_vpc]
}

resource "aws_lambda_alias" "edge_api" {
  name             = "live"
  description      = "What API Gateway calls"
  function_name    = aws_lambda_function.edge_api.function_name
  function_version = aws_lambda_function.edge_api.version
}

resource "aws_lambda_permission" "api" {
  statement_id  = "api-gateway"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.edge_api.function_name
  qualifier     = aws_lambda_alias.edge_api.name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.main.execution_arn}/*/*"
}

resource "aws_lambda_function" "processor" {
  function_name    = "${local.name}-processor"
  description      = "Event of an upload to thumbnail, or to a failure with its reason"
  role             = aws_iam_role.processor.arn
  filename         = local.packages.processor
  source_code_hash = filebase64sha256(local.packages.processor)
  runtime          = "provided.al2023"
  handler          = "bootstrap"
  architectures    = ["arm64"]
  memory_size      = var.processor_memory_mb
  timeout          = var.processor_timeout_s
  publish          = true

  environment {
    variables = merge(
      {
        PROCESSED_BUCKET = aws_s3_bucket.main["processed"].id
        MAX_BYTES        = tostring(var.max_upload_bytes)
        MAX_PIXELS       = tostring(var.max_pixels)
      },
      local.live_environment,
    )
  }

  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.processor.name
  }

  dynamic "vpc_config" {
    for_each = aws_vpc.main

    content {
      subnet_ids         = aws_subnet.private[*].id
      security_group_ids = aws_security_group.functions[*].id
    }
  }

  depends_on = [aws_iam_role_policy.processor, aws_iam_role_policy.processor_vpc]
}

resource "aws_lambda_alias" "processor" {
  name             = "live"
  description      = "What the queue calls"
  function_name    = aws_lambda_function.processor.function_name
  function_version = aws_lambda_function.processor.version
}
