# HTTP API in front of edge-api. Only CloudFront knows the secret that edge-api asks for.

resource "aws_apigatewayv2_api" "main" {
  name          = local.name
  description   = "Imagasaur: signs uploads, lists images"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_integration" "edge_api" {
  api_id                 = aws_apigatewayv2_api.main.id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_alias.edge_api.invoke_arn
  payload_format_version = "2.0"
  timeout_milliseconds   = 29000
}

locals {
  # What may be asked without being anybody, when there are accounts.
  open_routes = ["GET /api/health", "GET /api/config", "GET /api/openapi.json"]
  authorizer  = one(aws_apigatewayv2_authorizer.cognito[*].id)
}

# Everything under /api goes to the function; which addresses there are is edge-api's to say.
resource "aws_apigatewayv2_route" "api" {
  api_id             = aws_apigatewayv2_api.main.id
  route_key          = "ANY /api/{path+}"
  target             = "integrations/${aws_apigatewayv2_integration.edge_api.id}"
  authorization_type = var.enable_cognito ? "JWT" : "NONE"
  authorizer_id      = local.authorizer
}

resource "aws_apigatewayv2_route" "open" {
  for_each = var.enable_cognito ? toset(local.open_routes) : []

  api_id             = aws_apigatewayv2_api.main.id
  route_key          = each.value
  target             = "integrations/${aws_apigatewayv2_integration.edge_api.id}"
  authorization_type = "NONE"
}

resource "aws_apigatewayv2_stage" "main" {
  api_id      = aws_apigatewayv2_api.main.id
  name        = "$default"
  auto_deploy = true

  default_route_settings {
    throttling_rate_limit    = var.api_rate_per_s
    throttling_burst_limit   = var.api_burst
    detailed_metrics_enabled = true
  }

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.api_access.arn
    # Neither headers nor addresses of people.
    format = jsonencode({
      requestId    = "$context.requestId"
      time         = "$context.requestTimeEpoch"
      method       = "$context.httpMethod"
      path         = "$context.path"
      status       = "$context.status"
      latency_ms   = "$context.responseLatency"
      bytes        = "$context.responseLength"
      gatewayError = "$context.error.message"
    })
  }
}
