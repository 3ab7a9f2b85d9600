# One environment of Imagasaur. Each file holds one subject; this one says what all share.
#
#   browser ─► cdn ─► frontend bucket, processed bucket (/thumbs), api ─► edge-api (functions)
#      └─────► uploads bucket (storage) ─► queue ─► processor (functions) ─► processed bucket

provider "aws" {
  region = var.region

  default_tags {
    tags = {
      Project     = "imagasaur"
      Environment = var.environment
      ManagedBy   = "terraform"
    }
  }
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  name       = "imagasaur-${var.environment}"
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition

  # Where certificates, web ACLs and metrics of CloudFront live.
  global_region = "us-east-1"

  # Names of buckets are shared by the whole world, hence the account in them.
  bucket_names = {
    for role in ["uploads", "processed", "frontend"] : role => "${local.name}-${local.account_id}-${role}"
  }

  # Keys, as edge-api/wire/src/key.rs makes them.
  prefixes = {
    originals  = "uploads/"
    thumbnails = "thumbs/"
    entries    = "images/"
  }

  site_domain   = coalesce(var.domain_name, aws_cloudfront_distribution.site.domain_name)
  site_origin   = "https://${local.site_domain}"
  upload_origin = "https://${aws_s3_bucket.main["uploads"].bucket_regional_domain_name}"
}
