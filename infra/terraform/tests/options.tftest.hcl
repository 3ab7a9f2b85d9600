# Each option, switched on by itself: that it brings what it says, and wires it.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  environment   = "test"
  region        = "eu-central-1"
  origin_secret = "00000000000000000000000000000000"
  dist_dir      = "./tests/dist"
}

run "visibility_follows_the_timeout" {
  command = plan

  variables {
    processor_timeout_s = 100
    batch_window_s      = 5
  }

  assert {
    condition     = aws_sqs_queue.originals.visibility_timeout_seconds == 605
    error_message = "six times the timeout and the window"
  }
}

run "retention_and_alarms" {
  command = plan

  variables {
    originals_expire_after_days = 30
    alarm_email                 = "a@example.org"
    allow_destroy               = true
  }

  assert {
    condition     = anytrue([for r in aws_s3_bucket_lifecycle_configuration.uploads.rule : one(r.expiration[*].days) == 30])
    error_message = "originals go after 30 days"
  }

  assert {
    condition     = one(aws_sns_topic_subscription.alarms[*].endpoint) == "a@example.org"
    error_message = "alarms are mailed"
  }

  assert {
    condition     = alltrue([for b in aws_s3_bucket.main : b.force_destroy])
    error_message = "what is to play with may be destroyed"
  }
}

run "secrets_change_without_a_gap" {
  command = plan

  variables {
    origin_secret          = "11111111111111111111111111111111"
    previous_origin_secret = "00000000000000000000000000000000"
  }

  assert {
    condition     = aws_lambda_function.edge_api.environment[0].variables["ORIGIN_SECRETS"] == "11111111111111111111111111111111,00000000000000000000000000000000"
    error_message = "the API takes both while the CDN changes over"
  }

  assert {
    condition     = one([for o in aws_cloudfront_distribution.site.origin : one(o.custom_header[*].value) if o.origin_id == "api"]) == "11111111111111111111111111111111"
    error_message = "the CDN sends the new one"
  }
}

run "domain" {

  variables {
    domain_name    = "photos.example.org"
    hosted_zone_id = "Z0123456789EXAMPLE"
  }

  assert {
    condition     = aws_acm_certificate.site[0].region == "us-east-1" && aws_acm_certificate.site[0].validation_method == "DNS"
    error_message = "CloudFront takes certificates of us-east-1 only"
  }

  assert {
    condition     = tolist(aws_cloudfront_distribution.site.aliases) == tolist(["photos.example.org"]) && one(aws_cloudfront_distribution.site.viewer_certificate[*].minimum_protocol_version) == "TLSv1.2_2021"
    error_message = "the distribution has the name, and TLS of today"
  }

  assert {
    condition     = keys(aws_route53_record.site) == ["A", "AAAA"]
    error_message = "the name leads there, by IPv4 and IPv6"
  }

  assert {
    condition     = tolist(aws_s3_bucket_cors_configuration.uploads.cors_rule)[0].allowed_origins == toset(["https://photos.example.org"])
    error_message = "browsers post from that name only"
  }

  assert {
    condition     = output.site_url == "https://photos.example.org"
    error_message = "people find the page under its name"
  }
}

run "waf" {
  command = plan

  variables {
    enable_waf = true
  }

  assert {
    condition     = aws_wafv2_web_acl.site[0].scope == "CLOUDFRONT" && aws_wafv2_web_acl.site[0].region == "us-east-1"
    error_message = "it is for the CDN"
  }

  assert {
    condition     = [for r in jsondecode(aws_wafv2_web_acl.site[0].rule_json) : r.Statement.RateBasedStatement.Limit] == [100, 2000]
    error_message = "signing uploads is limited more than the rest"
  }
}

run "network" {
  command = plan

  variables {
    enable_vpc = true
  }

  assert {
    condition     = length(aws_subnet.private) == 2 && alltrue([for s in aws_subnet.private : s.map_public_ip_on_launch != true])
    error_message = "two private subnets"
  }

  assert {
    condition     = aws_vpc_endpoint.s3[0].vpc_endpoint_type == "Gateway" && aws_vpc_endpoint.s3[0].service_name == "com.amazonaws.eu-central-1.s3"
    error_message = "S3 is reached without a NAT"
  }

  assert {
    condition     = length(aws_lambda_function.edge_api.vpc_config) == 1 && length(aws_lambda_function.processor.vpc_config) == 1
    error_message = "both functions are in it"
  }

  assert {
    condition     = anytrue([for s in jsondecode(aws_iam_role_policy.processor_vpc[0].policy).Statement : s.Effect == "Deny" && try(s.Condition.ArnEquals["lambda:SourceFunctionArn"], "") == "arn:aws:lambda:eu-central-1:000000000000:function:imagasaur-test-processor"])
    error_message = "code of the function must not touch the network"
  }
}

run "accounts" {
  command = plan

  variables {
    enable_cognito = true
  }

  assert {
    condition     = aws_apigatewayv2_route.api.authorization_type == "JWT" && length(aws_apigatewayv2_route.open) == 3
    error_message = "the API asks for a token, except for what is open"
  }

  assert {
    condition     = aws_cognito_user_pool_client.page[0].generate_secret == false && tolist(aws_cognito_user_pool_client.page[0].allowed_oauth_flows) == tolist(["code"])
    error_message = "the page keeps no secret"
  }

  assert {
    condition     = aws_cognito_user_pool.main[0].deletion_protection == "ACTIVE"
    error_message = "people are not deleted by accident"
  }
}

run "replica" {
  command = plan

  variables {
    replica_region = "eu-west-1"
  }

  assert {
    condition     = aws_s3_bucket.replica[0].region == "eu-west-1" && aws_s3_bucket_public_access_block.replica[0].restrict_public_buckets
    error_message = "a private copy elsewhere"
  }

  assert {
    condition     = one(aws_cloudfront_distribution.site.origin_group[*].origin_id) == "processed-or-replica"
    error_message = "the CDN can turn to it"
  }

  assert {
    condition     = one([for b in aws_cloudfront_distribution.site.ordered_cache_behavior : b.target_origin_id if b.path_pattern == "/thumbs/*"]) == "processed-or-replica"
    error_message = "and does so for thumbnails"
  }

  assert {
    condition     = !contains(flatten([for g in aws_cloudfront_distribution.site.origin_group : [for c in g.failover_criteria : c.status_codes]]), 404)
    error_message = "what is not there is not asked for twice"
  }

  assert {
    condition     = one(aws_s3_bucket_replication_configuration.processed[0].rule[*].delete_marker_replication[0].status) == "Enabled"
    error_message = "what is deleted is deleted there too"
  }

  assert {
    condition     = anytrue([for r in aws_s3_bucket_lifecycle_configuration.processed.rule : one(r.noncurrent_version_expiration[*].noncurrent_days) == 1])
    error_message = "and is gone for good a day later"
  }
}

run "malware" {

  variables {
    enable_malware_protection = true
  }

  assert {
    condition     = anytrue([for s in jsondecode(aws_s3_bucket_policy.main["uploads"].policy).Statement : s.Effect == "Deny" && try(s.Condition.StringEquals["s3:ExistingObjectTag/GuardDutyMalwareScanStatus"], "") == "THREATS_FOUND"])
    error_message = "nobody reads what has a finding"
  }

  assert {
    condition     = aws_s3_bucket_notification.uploads.eventbridge
    error_message = "GuardDuty has to hear of new objects"
  }
}

run "live_updates" {

  variables {
    enable_live_updates = true
  }

  assert {
    condition     = aws_apigatewayv2_api.live[0].protocol_type == "WEBSOCKET" && length(aws_apigatewayv2_route.live) == 3
    error_message = "a WebSocket API"
  }

  assert {
    condition     = aws_dynamodb_table.connections[0].ttl[0].enabled
    error_message = "connections that were lost go by themselves"
  }

  assert {
    condition     = strcontains(local.content_security_policy, "wss://live000000.execute-api.eu-central-1.amazonaws.com")
    error_message = "the page may talk to it"
  }

  assert {
    condition     = aws_lambda_function.processor.environment[0].variables["LIVE_ENDPOINT"] == "https://live000000.execute-api.eu-central-1.amazonaws.com/live"
    error_message = "the processor knows where to tell"
  }

  assert {
    condition     = anytrue([for s in jsondecode(aws_iam_role_policy.processor.policy).Statement : try(s.Resource, "") == "arn:aws:execute-api:eu-central-1:000000000000:live000000/live/POST/@connections/*"])
    error_message = "and may"
  }
}
