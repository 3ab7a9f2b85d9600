# What holds without any option, and the policies of the buckets.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  environment   = "test"
  region        = "eu-central-1"
  origin_secret = "00000000000000000000000000000000"
  dist_dir      = "./tests/dist"
}

run "defaults" {

  assert {
    condition     = length(aws_wafv2_web_acl.site) + length(aws_vpc.main) + length(aws_cognito_user_pool.main) + length(aws_s3_bucket.replica) + length(aws_guardduty_malware_protection_plan.uploads) + length(aws_apigatewayv2_api.live) + length(aws_acm_certificate.site) + length(aws_sns_topic_subscription.alarms) == 0
    error_message = "an option is on by default"
  }

  assert {
    condition     = aws_sqs_queue.originals.visibility_timeout_seconds == 6 * aws_lambda_function.processor.timeout
    error_message = "a message has to stay hidden for six times as long as a call may take"
  }

  assert {
    condition     = jsondecode(aws_sqs_queue.originals.redrive_policy).maxReceiveCount == 5
    error_message = "processor/src/process.rs counts to five"
  }

  assert {
    condition     = jsondecode(aws_sqs_queue.originals.redrive_policy).deadLetterTargetArn == aws_sqs_queue.dead_letters.arn
    error_message = "what fails has to go to the dead letters"
  }

  assert {
    condition     = aws_sqs_queue.dead_letters.message_retention_seconds > aws_sqs_queue.originals.message_retention_seconds
    error_message = "a dead letter keeps its age: it must be kept for longer than it can have waited"
  }

  assert {
    condition     = tolist(aws_lambda_event_source_mapping.originals.function_response_types) == tolist(["ReportBatchItemFailures"])
    error_message = "of a batch, only what failed may come again"
  }

  assert {
    condition     = alltrue([for f in [aws_lambda_function.edge_api, aws_lambda_function.processor] : f.runtime == "provided.al2023" && f.architectures == tolist(["arm64"]) && f.publish])
    error_message = "functions run on arm64, on the bare runtime, and are published"
  }

  assert {
    condition     = aws_lambda_function.edge_api.timeout > 20 && aws_lambda_function.edge_api.timeout < 29
    error_message = "edge-api ends a request after 20 s, API Gateway after 29 s"
  }

  assert {
    condition     = alltrue([for b in aws_s3_bucket_public_access_block.main : b.block_public_acls && b.block_public_policy && b.ignore_public_acls && b.restrict_public_buckets]) && length(aws_s3_bucket_public_access_block.main) == 3
    error_message = "every bucket is private"
  }

  assert {
    condition     = alltrue([for policy in aws_s3_bucket_policy.main : anytrue([for s in jsondecode(policy.policy).Statement : s.Effect == "Deny" && s.Principal == "*" && try(s.Condition.Bool["aws:SecureTransport"], "") == "false" && length(s.Resource) == 2])])
    error_message = "every bucket refuses what does not come over TLS"
  }

  assert {
    condition     = alltrue([for policy in aws_s3_bucket_policy.main : alltrue([for s in jsondecode(policy.policy).Statement : s.Effect == "Deny" || try(s.Condition.StringEquals["aws:SourceArn"], "") == aws_cloudfront_distribution.site.arn])])
    error_message = "only this distribution is let in"
  }

  assert {
    condition     = length([for s in jsondecode(aws_s3_bucket_policy.main["uploads"].policy).Statement : s if s.Effect == "Allow"]) == 0
    error_message = "nobody reads originals by the policy of the bucket"
  }

  assert {
    condition     = [for s in jsondecode(aws_s3_bucket_policy.main["processed"].policy).Statement : s.Resource if s.Effect == "Allow"] == ["arn:aws:s3:::imagasaur-test-000000000000-processed/thumbs/*"]
    error_message = "the CDN reads thumbnails, not entries"
  }

  assert {
    condition     = one(one(aws_s3_bucket_cors_configuration.uploads.cors_rule[*].allowed_origins[*])[*]) == "https://d000000000000.cloudfront.net"
    error_message = "browsers post from the site only"
  }

  assert {
    condition     = one(aws_s3_bucket_notification.uploads.queue[*].filter_prefix) == "uploads/"
    error_message = "originals, and nothing else, become messages"
  }

  assert {
    condition     = anytrue([for r in aws_s3_bucket_lifecycle_configuration.uploads.rule : try(r.abort_incomplete_multipart_upload[0].days_after_initiation, 0) == 1])
    error_message = "incomplete uploads go after a day"
  }

  assert {
    condition     = anytrue([for r in aws_s3_bucket_lifecycle_configuration.uploads.rule : try(r.filter[0].and[0].object_size_greater_than, 0) == 131072])
    error_message = "small originals are not tiered"
  }

  assert {
    condition     = !anytrue([for r in aws_s3_bucket_lifecycle_configuration.uploads.rule : length(r.expiration) > 0])
    error_message = "originals are kept unless somebody says otherwise"
  }

  assert {
    condition     = !anytrue([for r in aws_s3_bucket_lifecycle_configuration.processed.rule : length(r.expiration) > 0 || length(r.transition) > 0])
    error_message = "thumbnails and entries stay"
  }

  assert {
    condition     = length(aws_cloudfront_distribution.site.custom_error_response) == 0
    error_message = "an error of the API has to stay what it is"
  }

  assert {
    condition     = one(one(aws_cloudfront_distribution.site.default_cache_behavior[*].function_association[*])[*].event_type) == "viewer-request"
    error_message = "addresses within the page are led to index.html"
  }

  assert {
    condition     = { for b in aws_cloudfront_distribution.site.ordered_cache_behavior : b.path_pattern => b.target_origin_id } == { "/thumbs/*" = "processed", "/api/*" = "api" }
    error_message = "three ways: page, thumbnails, API"
  }

  assert {
    condition     = alltrue([for b in aws_cloudfront_distribution.site.ordered_cache_behavior : length(b.function_association) == 0])
    error_message = "nothing rewrites addresses of API and thumbnails"
  }

  assert {
    condition     = one([for o in aws_cloudfront_distribution.site.origin : one(o.custom_header[*].name) if o.origin_id == "api"]) == "x-origin-secret"
    error_message = "the CDN has to tell the API who it is"
  }

  assert {
    condition     = strcontains(local.content_security_policy, "connect-src 'self' https://imagasaur-test-000000000000-uploads.s3.eu-central-1.amazonaws.com;") && strcontains(local.content_security_policy, "'wasm-unsafe-eval'") && !strcontains(local.content_security_policy, "unsafe-inline") && !strcontains(local.content_security_policy, "*")
    error_message = "the page may talk to itself and to its own uploads bucket"
  }

  assert {
    condition     = aws_cloudfront_cache_policy.thumbnails.max_ttl <= 86400
    error_message = "a deleted thumbnail is gone from every edge within a day"
  }

  assert {
    condition     = one(aws_apigatewayv2_stage.main.default_route_settings[*].throttling_rate_limit) == 100 && one(aws_apigatewayv2_stage.main.default_route_settings[*].throttling_burst_limit) == 200
    error_message = "the API is throttled"
  }

  assert {
    condition     = aws_apigatewayv2_route.api.authorization_type == "NONE" && length(aws_apigatewayv2_route.open) == 0
    error_message = "without accounts the API asks for no token"
  }

  assert {
    condition     = aws_lambda_function.edge_api.environment[0].variables["ORIGIN_SECRETS"] == "00000000000000000000000000000000"
    error_message = "the API has to know the secret"
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.main) == 8 && aws_cloudwatch_metric_alarm.main["dead-letters"].threshold == 0
    error_message = "somebody is told of the first dead letter"
  }

  assert {
    condition     = alltrue([for a in aws_cloudwatch_metric_alarm.main : contains(a.alarm_actions, aws_sns_topic.alarms.arn)])
    error_message = "alarms are told"
  }

  assert {
    condition     = length(jsondecode(aws_cloudwatch_dashboard.main.dashboard_body).widgets) == 8
    error_message = "the dashboard shows all that is measured"
  }

  assert {
    condition     = output.site_url == "https://d000000000000.cloudfront.net" && output.live_url == null && output.user_pool == null
    error_message = "people find the page under the name of the CDN"
  }
}
