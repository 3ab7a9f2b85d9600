# One page: what happens to pictures, how fast, what goes wrong, and what costs money.

locals {
  uploads_name   = aws_s3_bucket.main["uploads"].id
  processed_name = aws_s3_bucket.main["processed"].id
  edge_api_name  = aws_lambda_function.edge_api.function_name
  processor_name = aws_lambda_function.processor.function_name
  http_api_id    = aws_apigatewayv2_api.main.id

  # Title, and lines: each a metric with its dimensions, then how it is shown.
  graphs = [
    ["Originals that arrived, thumbnails that were made", [
      ["AWS/SQS", "NumberOfMessagesSent", "QueueName", aws_sqs_queue.originals.name, { stat = "Sum", label = "arrived" }],
      [local.metric_namespace, "Ready", { stat = "Sum", label = "ready" }],
    ]],
    ["Failed, by code", [
      [{ expression = "SEARCH('{${local.metric_namespace},Code} MetricName=\"Failed\"', 'Sum', 300)", id = "failed" }],
    ]],
    ["Oldest message, seconds; dead letters", [
      ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", aws_sqs_queue.originals.name, { stat = "Maximum", label = "oldest" }],
      ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", aws_sqs_queue.dead_letters.name, { stat = "Maximum", label = "dead letters" }],
    ]],
    ["Processing, milliseconds", [
      ["AWS/Lambda", "Duration", "FunctionName", local.processor_name, { stat = "p50", label = "p50" }],
      ["AWS/Lambda", "Duration", "FunctionName", local.processor_name, { stat = "p95", label = "p95" }],
    ]],
    ["Functions: errors and throttles", [
      ["AWS/Lambda", "Errors", "FunctionName", local.processor_name, { stat = "Sum", label = "processor errors" }],
      ["AWS/Lambda", "Throttles", "FunctionName", local.processor_name, { stat = "Sum", label = "processor throttles" }],
      ["AWS/Lambda", "Errors", "FunctionName", local.edge_api_name, { stat = "Sum", label = "API errors" }],
      ["AWS/Lambda", "Throttles", "FunctionName", local.edge_api_name, { stat = "Sum", label = "API throttles" }],
    ]],
    ["API: requests, 4xx, 5xx", [
      ["AWS/ApiGateway", "Count", "ApiId", local.http_api_id, { stat = "Sum", label = "requests" }],
      ["AWS/ApiGateway", "4xx", "ApiId", local.http_api_id, { stat = "Sum", label = "4xx" }],
      ["AWS/ApiGateway", "5xx", "ApiId", local.http_api_id, { stat = "Sum", label = "5xx" }],
    ]],
    ["Cost: requests of visitors, bytes to them", [
      ["AWS/CloudFront", "Requests", "Region", "Global", "DistributionId", aws_cloudfront_distribution.site.id, { stat = "Sum", label = "requests", region = local.global_region }],
      ["AWS/CloudFront", "BytesDownloaded", "Region", "Global", "DistributionId", aws_cloudfront_distribution.site.id, { stat = "Sum", label = "bytes", yAxis = "right", region = local.global_region }],
    ]],
    ["Cost: bytes stored, a point a day", [
      ["AWS/S3", "BucketSizeBytes", "BucketName", local.uploads_name, "StorageType", "IntelligentTieringFAStorage", { stat = "Average", label = "originals, read often" }],
      ["AWS/S3", "BucketSizeBytes", "BucketName", local.uploads_name, "StorageType", "IntelligentTieringIAStorage", { stat = "Average", label = "originals, read rarely" }],
      ["AWS/S3", "BucketSizeBytes", "BucketName", local.uploads_name, "StorageType", "StandardStorage", { stat = "Average", label = "originals, small or new" }],
      ["AWS/S3", "BucketSizeBytes", "BucketName", local.processed_name, "StorageType", "StandardStorage", { stat = "Average", label = "thumbnails and entries" }],
    ]],
  ]
}

resource "aws_cloudwatch_dashboard" "main" {
  dashboard_name = local.name
  dashboard_body = jsonencode({
    widgets = [for index, graph in local.graphs : {
      type   = "metric"
      x      = 12 * (index % 2)
      y      = 6 * floor(index / 2)
      width  = 12
      height = 6
      properties = {
        title   = graph[0]
        metrics = graph[1]
        region  = var.region
        view    = "timeSeries"
        period  = startswith(graph[0], "Cost: bytes stored") ? local.day_s : 300
      }
    }]
  })
}
