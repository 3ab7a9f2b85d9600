terraform {
  # 1.10 brought locking by the state bucket itself, 1.9 validation of one variable by another.
  required_version = ">= 1.10"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # From 6.0 on, each resource can name its region: certificates and web ACLs of CloudFront live in us-east-1.
      version = ">= 6.25, < 7.0"
    }
  }

  # Bucket and region come from the command line (`cargo xtask deploy` gives them); bootstrap/ makes the bucket.
  backend "s3" {
    key          = "imagasaur.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}
