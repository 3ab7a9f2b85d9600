# Every option that goes with the others, for checks of what is optional. Live updates exclude the network.
environment = "everything"
region      = "eu-central-1"
alarm_email = "operations@example.org"

domain_name    = "photos.example.org"
hosted_zone_id = "Z0123456789EXAMPLE"

enable_waf                = true
enable_cognito            = true
enable_malware_protection = true
enable_live_updates       = true
replica_region            = "eu-west-1"

originals_expire_after_days = 365
permissions_boundary_arn    = "arn:aws:iam::000000000000:policy/imagasaur-boundary"
