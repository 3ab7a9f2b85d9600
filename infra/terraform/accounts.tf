# People's accounts. With them the API asks for a token on every address but the open ones of api.tf. Off by
# default: neither the page nor edge-api knows accounts yet.

locals {
  cognito_count = var.enable_cognito ? 1 : 0
}

resource "aws_cognito_user_pool" "main" {
  count = local.cognito_count

  name                     = local.name
  username_attributes      = ["email"]
  auto_verified_attributes = ["email"]
  deletion_protection      = var.allow_destroy ? "INACTIVE" : "ACTIVE"
  mfa_configuration        = "OPTIONAL"

  software_token_mfa_configuration {
    enabled = true
  }

  password_policy {
    minimum_length                   = 12
    require_lowercase                = false
    require_numbers                  = false
    require_symbols                  = false
    require_uppercase                = false
    temporary_password_validity_days = 3
  }

  account_recovery_setting {
    recovery_mechanism {
      name     = "verified_email"
      priority = 1
    }
  }
}

resource "aws_cognito_user_pool_domain" "main" {
  count = local.cognito_count

  user_pool_id = aws_cognito_user_pool.main[0].id
  domain       = "${local.name}-${local.account_id}"
}

# The page cannot keep a secret: code with proof of possession instead.
resource "aws_cognito_user_pool_client" "page" {
  count = local.cognito_count

  name                                 = "page"
  user_pool_id                         = aws_cognito_user_pool.main[0].id
  generate_secret                      = false
  allowed_oauth_flows_user_pool_client = true
  allowed_oauth_flows                  = ["code"]
  allowed_oauth_scopes                 = ["openid", "email"]
  supported_identity_providers         = ["COGNITO"]
  callback_urls                        = ["${local.site_origin}/"]
  logout_urls                          = ["${local.site_origin}/"]
  prevent_user_existence_errors        = "ENABLED"
  enable_token_revocation              = true
  access_token_validity                = 60
  id_token_validity                    = 60
  refresh_token_validity               = 30

  token_validity_units {
    access_token  = "minutes"
    id_token      = "minutes"
    refresh_token = "days"
  }
}

resource "aws_apigatewayv2_authorizer" "cognito" {
  count = local.cognito_count

  api_id           = aws_apigatewayv2_api.main.id
  name             = "cognito"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    issuer   = "https://cognito-idp.${var.region}.amazonaws.com/${aws_cognito_user_pool.main[0].id}"
    audience = aws_cognito_user_pool_client.page[*].id
  }
}
