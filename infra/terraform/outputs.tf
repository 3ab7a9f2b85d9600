output "site_url" {
  description = "Where people find the page."
  value       = local.site_origin
}

output "frontend_bucket" {
  description = "Where the page is uploaded to."
  value       = aws_s3_bucket.main["frontend"].id
}

output "uploads_bucket" {
  description = "Bucket of the originals."
  value       = aws_s3_bucket.main["uploads"].id
}

output "processed_bucket" {
  description = "Bucket of thumbnails and entries."
  value       = aws_s3_bucket.main["processed"].id
}

output "distribution_id" {
  description = "What to invalidate after the page was uploaded."
  value       = aws_cloudfront_distribution.site.id
}

output "api_endpoint" {
  description = "The API itself. It answers 404 to who does not know the origin's secret: clients use site_url."
  value       = aws_apigatewayv2_api.main.api_endpoint
}

output "queue_url" {
  description = "Originals that wait to be processed."
  value       = aws_sqs_queue.originals.id
}

output "dead_letters_url" {
  description = "Messages that could not be processed."
  value       = aws_sqs_queue.dead_letters.id
}

output "dashboard_url" {
  description = "All that is measured, on one page."
  value       = "https://${var.region}.console.aws.amazonaws.com/cloudwatch/home?region=${var.region}#dashboards/dashboard/${local.name}"
}

output "alarms_topic_arn" {
  description = "Where alarms are told; other than mail may be subscribed to it."
  value       = aws_sns_topic.alarms.arn
}

output "functions" {
  description = "Names and published versions of the functions, to go back to."
  value = {
    edge_api  = { name = aws_lambda_function.edge_api.function_name, version = aws_lambda_function.edge_api.version }
    processor = { name = aws_lambda_function.processor.function_name, version = aws_lambda_function.processor.version }
  }
}

output "origin_secret" {
  description = "What CloudFront sends to the API; cargo xtask deploy keeps it from one deployment to the next."
  value       = var.origin_secret
  sensitive   = true
}

output "live_url" {
  description = "WebSocket of live updates; null without them."
  value       = one([for stage in aws_apigatewayv2_stage.live : stage.invoke_url])
}

output "user_pool" {
  description = "What a client needs to sign people in; null without accounts."
  value = one([for pool in aws_cognito_user_pool.main : {
    id        = pool.id
    client_id = aws_cognito_user_pool_client.page[0].id
    domain    = "https://${aws_cognito_user_pool_domain.main[0].domain}.auth.${var.region}.amazoncognito.com"
  }])
}
