# Logs, what they tell in numbers, one page with it all, and alarms.

resource "aws_cloudwatch_log_group" "edge_api" {
  name              = "/aws/lambda/${local.name}-edge-api"
  retention_in_days = var.log_retention_days
}

resource "aws_cloudwatch_log_group" "processor" {
  name              = "/aws/lambda/${local.name}-processor"
  retention_in_days = var.log_retention_days
}

resource "aws_cloudwatch_log_group" "api_access" {
  name              = "/aws/apigateway/${local.name}"
  retention_in_days = var.log_retention_days
}

locals {
  metric_namespace = "Imagasaur/${var.environment}"
}

# The processor logs one line, "ready" or "failed", for each original that is finished.
resource "aws_cloudwatch_log_metric_filter" "ready" {
  name           = "ready"
  log_group_name = aws_cloudwatch_log_group.processor.name
  pattern        = "{ $.fields.message = \"ready\" }"

  metric_transformation {
    namespace = local.metric_namespace
    name      = "Ready"
    value     = "1"
    unit      = "Count"
  }
}

resource "aws_cloudwatch_log_metric_filter" "failed" {
  name           = "failed"
  log_group_name = aws_cloudwatch_log_group.processor.name
  pattern        = "{ $.fields.message = \"failed\" && $.fields.code = \"*\" }"

  metric_transformation {
    namespace  = local.metric_namespace
    name       = "Failed"
    value      = "1"
    unit       = "Count"
    dimensions = { Code = "$.fields.code" }
  }
}

resource "aws_sns_topic" "alarms" {
  name = "${local.name}-alarms"
}

resource "aws_sns_topic_policy" "alarms" {
  arn = aws_sns_topic.alarms.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "AlarmsOfThisAccount"
      Effect    = "Allow"
      Principal = { Service = "cloudwatch.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.alarms.arn
      Condition = { StringEquals = { "aws:SourceAccount" = local.account_id } }
    }]
  })
}

resource "aws_sns_topic_subscription" "alarms" {
  count = var.alarm_email == null ? 0 : 1

  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = var.alarm_email
}

locals {
  edge_api_dimensions  = { FunctionName = aws_lambda_function.edge_api.function_name }
  processor_dimensions = { FunctionName = aws_lambda_function.processor.function_name }

  # Each: what is looked at over five minutes, and above which number somebody has to know.
  alarms = {
    dead-letters = {
      why       = "A message could not be processed five times: look at the processor's log, then send it again"
      namespace = "AWS/SQS", metric = "ApproximateNumberOfMessagesVisible", statistic = "Maximum", above = 0
      periods   = 1, dimensions = { QueueName = aws_sqs_queue.dead_letters.name }
    }
    queue-age = {
      why       = "Originals wait for more than five minutes to be processed"
      namespace = "AWS/SQS", metric = "ApproximateAgeOfOldestMessage", statistic = "Maximum", above = 300
      periods   = 1, dimensions = { QueueName = aws_sqs_queue.originals.name }
    }
    processor-errors = {
      why       = "Calls of the processor end with an error, by time-out or for lack of memory"
      namespace = "AWS/Lambda", metric = "Errors", statistic = "Sum", above = 0
      periods   = 1, dimensions = local.processor_dimensions
    }
    processor-throttles = {
      why       = "The account has no room for more calls of the processor"
      namespace = "AWS/Lambda", metric = "Throttles", statistic = "Sum", above = 0
      periods   = 3, dimensions = local.processor_dimensions
    }
    processor-slow = {
      why       = "One call in twenty of the processor takes more than half of what it may"
      namespace = "AWS/Lambda", metric = "Duration", statistic = "p95", above = 500 * var.processor_timeout_s
      periods   = 3, dimensions = local.processor_dimensions
    }
    api-errors = {
      why       = "Calls of edge-api end with an error"
      namespace = "AWS/Lambda", metric = "Errors", statistic = "Sum", above = 0
      periods   = 1, dimensions = local.edge_api_dimensions
    }
    api-throttles = {
      why       = "The account has no room for more calls of edge-api"
      namespace = "AWS/Lambda", metric = "Throttles", statistic = "Sum", above = 0
      periods   = 1, dimensions = local.edge_api_dimensions
    }
    api-5xx = {
      why       = "The API answers that it is at fault"
      namespace = "AWS/ApiGateway", metric = "5xx", statistic = "Sum", above = 5
      periods   = 1, dimensions = { ApiId = aws_apigatewayv2_api.main.id }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "main" {
  for_each = local.alarms

  alarm_name          = "${local.name}-${each.key}"
  alarm_description   = each.value.why
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = startswith(each.value.statistic, "p") ? null : each.value.statistic
  extended_statistic  = startswith(each.value.statistic, "p") ? each.value.statistic : null
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.above
  period              = 300
  evaluation_periods  = each.value.periods
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}
