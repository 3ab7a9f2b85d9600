# The least: everything optional is off, the name is CloudFront's. To play with, so it may be destroyed.
#   cargo xtask deploy --env playground --vars infra/terraform/examples/minimal.tfvars
environment   = "playground"
region        = "eu-central-1"
allow_destroy = true

originals_expire_after_days = 30
