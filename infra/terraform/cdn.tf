# One distribution: the page by default, thumbnails under /thumbs, the API under /api. No error of an origin is
# rewritten, so an error of the API stays what it is; addresses within the page are the business of cdn/page.js.

locals {
  origin = {
    frontend  = "frontend"
    processed = "processed"
    api       = "api"
  }
  thumbnails_origin = local.replica_count == 1 ? "processed-or-replica" : local.origin.processed

  # AWS's own policies, the same in every account: nothing is cached; all of a request but its Host goes on.
  managed_caching_disabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
  managed_all_but_host     = "b689b0a8-53d0-40ab-baf2-68738e2966ac"

  day_s  = 86400
  year_s = 365 * local.day_s

  # The same as infra/local/src/front/headers.rs sends.
  content_security_policy = join("; ", [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    join(" ", concat(
      ["connect-src 'self'", local.upload_origin],
      aws_apigatewayv2_api.live[*].api_endpoint,
    )),
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ])
  permissions_policy = join(", ", [for feature in [
    "accelerometer", "autoplay", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer",
    "microphone", "midi", "payment", "usb",
  ] : "${feature}=()"])
}

resource "aws_cloudfront_origin_access_control" "s3" {
  name                              = "${local.name}-s3"
  description                       = "CloudFront signs what it asks of S3"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_cloudfront_function" "page" {
  name    = "${local.name}-page"
  comment = "Addresses within the page, and Brotli"
  runtime = "cloudfront-js-2.0"
  code    = file("${path.module}/cdn/page.js")
  publish = true
}

# What the objects say holds: assets for ever, index.html until the next release empties it from the cache.
resource "aws_cloudfront_cache_policy" "page" {
  name        = "${local.name}-page"
  min_ttl     = 0
  default_ttl = 0
  max_ttl     = local.year_s

  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_brotli = true
    enable_accept_encoding_gzip   = true

    cookies_config {
      cookie_behavior = "none"
    }
    headers_config {
      header_behavior = "none"
    }
    query_strings_config {
      query_string_behavior = "none"
    }
  }
}

# Thumbnails never change, but they are deleted: a day later none is left at any edge.
resource "aws_cloudfront_cache_policy" "thumbnails" {
  name        = "${local.name}-thumbnails"
  min_ttl     = 0
  default_ttl = local.day_s
  max_ttl     = local.day_s

  parameters_in_cache_key_and_forwarded_to_origin {
    # JPEG does not get smaller.
    enable_accept_encoding_brotli = false
    enable_accept_encoding_gzip   = false

    cookies_config {
      cookie_behavior = "none"
    }
    headers_config {
      header_behavior = "none"
    }
    query_strings_config {
      query_string_behavior = "none"
    }
  }
}

resource "aws_cloudfront_response_headers_policy" "page" {
  name = "${local.name}-page"

  custom_headers_config {
    items {
      header   = "permissions-policy"
      value    = local.permissions_policy
      override = true
    }
    items {
      header   = "cross-origin-opener-policy"
      value    = "same-origin"
      override = true
    }
  }

  security_headers_config {
    content_security_policy {
      content_security_policy = local.content_security_policy
      override                = true
    }
    content_type_options {
      override = true
    }
    frame_options {
      frame_option = "DENY"
      override     = true
    }
    referrer_policy {
      referrer_policy = "strict-origin-when-cross-origin"
      override        = true
    }
    strict_transport_security {
      access_control_max_age_sec = local.year_s
      include_subdomains         = true
      override                   = true
    }
  }
}

# Of thumbnails and API: nothing of what they answer is a page.
resource "aws_cloudfront_response_headers_policy" "data" {
  name = "${local.name}-data"

  security_headers_config {
    content_security_policy {
      content_security_policy = "default-src 'none'; sandbox; frame-ancestors 'none'"
      override                = true
    }
    content_type_options {
      override = true
    }
    frame_options {
      frame_option = "DENY"
      override     = true
    }
    referrer_policy {
      referrer_policy = "strict-origin-when-cross-origin"
      override        = true
    }
    strict_transport_security {
      access_control_max_age_sec = local.year_s
      include_subdomains         = true
      override                   = true
    }
  }
}

resource "aws_cloudfront_distribution" "site" {
  enabled             = true
  comment             = local.name
  is_ipv6_enabled     = true
  http_version        = "http2and3"
  price_class         = "PriceClass_100"
  default_root_object = "index.html"
  aliases             = var.domain_name[*]
  web_acl_id          = one(aws_wafv2_web_acl.site[*].arn)

  origin {
    origin_id                = local.origin.frontend
    domain_name              = aws_s3_bucket.main["frontend"].bucket_regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.s3.id
  }

  origin {
    origin_id                = local.origin.processed
    domain_name              = aws_s3_bucket.main["processed"].bucket_regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.s3.id
  }

  origin {
    origin_id   = local.origin.api
    domain_name = replace(aws_apigatewayv2_api.main.api_endpoint, "https://", "")

    custom_header {
      name  = "x-origin-secret"
      value = var.origin_secret
    }

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
      origin_read_timeout    = 30
    }
  }

  dynamic "origin" {
    for_each = aws_s3_bucket.replica

    content {
      origin_id                = "replica"
      domain_name              = origin.value.bucket_regional_domain_name
      origin_access_control_id = aws_cloudfront_origin_access_control.s3.id
    }
  }

  dynamic "origin_group" {
    for_each = aws_s3_bucket.replica

    content {
      origin_id = local.thumbnails_origin

      failover_criteria {
        status_codes = [500, 502, 503, 504]
      }

      member {
        origin_id = local.origin.processed
      }
      member {
        origin_id = "replica"
      }
    }
  }

  default_cache_behavior {
    target_origin_id           = local.origin.frontend
    viewer_protocol_policy     = "redirect-to-https"
    allowed_methods            = ["GET", "HEAD"]
    cached_methods             = ["GET", "HEAD"]
    compress                   = true
    cache_policy_id            = aws_cloudfront_cache_policy.page.id
    response_headers_policy_id = aws_cloudfront_response_headers_policy.page.id

    function_association {
      event_type   = "viewer-request"
      function_arn = aws_cloudfront_function.page.arn
    }
  }

  ordered_cache_behavior {
    path_pattern               = "/thumbs/*"
    target_origin_id           = local.thumbnails_origin
    viewer_protocol_policy     = "redirect-to-https"
    allowed_methods            = ["GET", "HEAD"]
    cached_methods             = ["GET", "HEAD"]
    cache_policy_id            = aws_cloudfront_cache_policy.thumbnails.id
    response_headers_policy_id = aws_cloudfront_response_headers_policy.data.id
  }

  ordered_cache_behavior {
    path_pattern               = "/api/*"
    target_origin_id           = local.origin.api
    viewer_protocol_policy     = "https-only"
    allowed_methods            = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
    cached_methods             = ["GET", "HEAD"]
    cache_policy_id            = local.managed_caching_disabled
    origin_request_policy_id   = local.managed_all_but_host
    response_headers_policy_id = aws_cloudfront_response_headers_policy.data.id
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = var.domain_name == null
    acm_certificate_arn            = one(aws_acm_certificate_validation.site[*].certificate_arn)
    minimum_protocol_version       = var.domain_name == null ? null : "TLSv1.2_2021"
    ssl_support_method             = var.domain_name == null ? null : "sni-only"
  }
}
