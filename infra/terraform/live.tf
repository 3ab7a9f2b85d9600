# Live updates: a WebSocket API, and a table that knows who is connected. The API writes to the table and tells of
# images that are deleted, the processor of those that are finished. Off by default: without it pages ask by
# themselves.

locals {
  live_count = var.enable_live_updates ? 1 : 0

  live_environment = var.enable_live_updates ? {
    LIVE_TABLE    = aws_dynamodb_table.connections[0].name
    LIVE_ENDPOINT = "${replace(aws_apigatewayv2_api.live[0].api_endpoint, "wss://", "https://")}/live"
    LIVE_URL      = "${aws_apigatewayv2_api.live[0].api_endpoint}/live"
  } : {}

  # Both tell pages: the processor that an image is finished, the API that one was deleted.
  live_publish_statements = concat(
    [for table in aws_dynamodb_table.connections : {
      Sid      = "FindAndForgetConnections"
      Effect   = "Allow"
      Action   = ["dynamodb:Scan", "dynamodb:DeleteItem"]
      Resource = table.arn
    }],
    [for api in aws_apigatewayv2_api.live : {
      Sid      = "WriteToConnections"
      Effect   = "Allow"
      Action   = "execute-api:ManageConnections"
      Resource = "${api.execution_arn}/live/POST/@connections/*"
    }],
  )

  live_connection_statements = concat(
    [for table in aws_dynamodb_table.connections : {
      Sid      = "RememberConnections"
      Effect   = "Allow"
      Action   = "dynamodb:PutItem"
      Resource = table.arn
    }],
    local.live_publish_statements,
  )
}

resource "aws_dynamodb_table" "connections" {
  count = local.live_count

  name         = "${local.name}-connections"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "connection_id"

  attribute {
    name = "connection_id"
    type = "S"
  }

  # API Gateway ends a connection after two hours; what was not cleared away by then goes by itself.
  ttl {
    attribute_name = "expires_at"
    enabled        = true
  }
}

resource "aws_apigatewayv2_api" "live" {
  count = local.live_count

  name                       = "${local.name}-live"
  description                = "Imagasaur: live updates"
  protocol_type              = "WEBSOCKET"
  route_selection_expression = "$request.body.action"
}

resource "aws_apigatewayv2_integration" "live" {
  count = local.live_count

  api_id           = aws_apigatewayv2_api.live[0].id
  integration_type = "AWS_PROXY"
  integration_uri  = aws_lambda_alias.edge_api.invoke_arn
}

resource "aws_apigatewayv2_route" "live" {
  for_each = var.enable_live_updates ? toset(["$connect", "$disconnect", "$default"]) : []

  api_id    = aws_apigatewayv2_api.live[0].id
  route_key = each.value
  target    = "integrations/${aws_apigatewayv2_integration.live[0].id}"
}

resource "aws_apigatewayv2_stage" "live" {
  count = local.live_count

  api_id      = aws_apigatewayv2_api.live[0].id
  name        = "live"
  auto_deploy = true

  default_route_settings {
    throttling_rate_limit  = var.api_rate_per_s
    throttling_burst_limit = var.api_burst
  }

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.api_access.arn
    format = jsonencode({
      requestId = "$context.requestId"
      time      = "$context.requestTimeEpoch"
      route     = "$context.routeKey"
      status    = "$context.status"
    })
  }
}

resource "aws_lambda_permission" "live" {
  count = local.live_count

  statement_id  = "live-updates"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.edge_api.function_name
  qualifier     = aws_lambda_alias.edge_api.name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.live[0].execution_arn}/live/*"
}
