# A site of one's own with all guards up.
#   cargo xtask deploy --env production --vars infra/terraform/examples/production.tfvars
environment = "production"
region      = "eu-central-1"
alarm_email = "operations@example.org"

domain_name    = "photos.example.org"
hosted_zone_id = "Z0123456789EXAMPLE"

enable_waf                = true
enable_vpc                = true
enable_malware_protection = true
replica_region            = "eu-west-1"

api_rate_per_s            = 500
api_burst                 = 1000
processor_max_concurrency = 200
log_retention_days        = 365
