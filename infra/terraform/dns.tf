# A name of one's own, with a certificate that renews itself.

locals {
  domain_count = var.domain_name == null ? 0 : 1
}

resource "aws_acm_certificate" "site" {
  count = local.domain_count

  region            = local.global_region
  domain_name       = var.domain_name
  validation_method = "DNS"

  lifecycle {
    create_before_destroy = true
  }
}

locals {
  # One name, hence one record that proves that it is ours.
  proofs = flatten([for certificate in aws_acm_certificate.site : tolist(certificate.domain_validation_options)])
}

resource "aws_route53_record" "certificate" {
  count = local.domain_count

  zone_id         = var.hosted_zone_id
  name            = local.proofs[0].resource_record_name
  type            = local.proofs[0].resource_record_type
  records         = [local.proofs[0].resource_record_value]
  ttl             = 300
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "site" {
  count = local.domain_count

  region                  = local.global_region
  certificate_arn         = aws_acm_certificate.site[0].arn
  validation_record_fqdns = aws_route53_record.certificate[*].fqdn
}

resource "aws_route53_record" "site" {
  for_each = var.domain_name == null ? [] : toset(["A", "AAAA"])

  zone_id = var.hosted_zone_id
  name    = var.domain_name
  type    = each.value

  alias {
    name                   = aws_cloudfront_distribution.site.domain_name
    zone_id                = aws_cloudfront_distribution.site.hosted_zone_id
    evaluate_target_health = false
  }
}
