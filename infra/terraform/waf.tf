# Limits for one address, where one client must not keep others out or run up costs. Off by default: it costs
# something each month.

resource "aws_wafv2_web_acl" "site" {
  count = var.enable_waf ? 1 : 0

  region      = local.global_region
  name        = local.name
  description = "Requests that one address may send"
  scope       = "CLOUDFRONT"

  default_action {
    allow {}
  }

  rule_json = jsonencode([
    {
      Name     = "uploads-per-address"
      Priority = 0
      Action   = { Block = { CustomResponse = { ResponseCode = 429 } } }
      Statement = {
        RateBasedStatement = {
          Limit               = var.waf_upload_requests_per_5_min
          EvaluationWindowSec = 300
          AggregateKeyType    = "IP"
          ScopeDownStatement = {
            RegexMatchStatement = {
              FieldToMatch        = { UriPath = {} }
              RegexString         = "^/api/upload/?$"
              TextTransformations = [{ Priority = 0, Type = "URL_DECODE" }]
            }
          }
        }
      }
      VisibilityConfig = {
        CloudWatchMetricsEnabled = true
        SampledRequestsEnabled   = true
        MetricName               = "uploads-per-address"
      }
    },
    {
      Name     = "requests-per-address"
      Priority = 1
      Action   = { Block = { CustomResponse = { ResponseCode = 429 } } }
      Statement = {
        RateBasedStatement = {
          Limit               = var.waf_requests_per_5_min
          EvaluationWindowSec = 300
          AggregateKeyType    = "IP"
        }
      }
      VisibilityConfig = {
        CloudWatchMetricsEnabled = true
        SampledRequestsEnabled   = true
        MetricName               = "requests-per-address"
      }
    },
  ])

  visibility_config {
    cloudwatch_metrics_enabled = true
    sampled_requests_enabled   = true
    metric_name                = local.name
  }
}
