# Values that would fail at AWS minutes later, or work and lose pictures, are refused before anything happens.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  environment   = "test"
  region        = "eu-central-1"
  origin_secret = "00000000000000000000000000000000"
  dist_dir      = "./tests/dist"
}

run "an_environment_with_capitals" {
  command = plan

  variables {
    environment = "Prod"
  }

  expect_failures = [var.environment]
}

run "an_environment_too_long_for_names_of_buckets" {
  command = plan

  variables {
    environment = "a-very-long-name-indeed"
  }

  expect_failures = [var.environment]
}

run "a_region_that_is_none" {
  command = plan

  variables {
    region = "Frankfurt"
  }

  expect_failures = [var.region]
}

run "a_short_secret" {
  command = plan

  variables {
    origin_secret = "secret"
  }

  expect_failures = [var.origin_secret]
}

run "an_alarm_address_without_a_host" {
  command = plan

  variables {
    alarm_email = "operations"
  }

  expect_failures = [var.alarm_email]
}

run "more_bytes_than_a_form_can_send" {
  command = plan

  variables {
    max_upload_bytes    = 6000000000
    processor_memory_mb = 10240
  }

  expect_failures = [var.max_upload_bytes]
}

run "less_memory_than_an_original_takes" {
  command = plan

  variables {
    max_upload_bytes = 1073741824
  }

  expect_failures = [var.processor_memory_mb]
}

run "a_timeout_beyond_lambda" {
  command = plan

  variables {
    processor_timeout_s = 901
  }

  expect_failures = [var.processor_timeout_s]
}

run "a_message_that_comes_again_too_soon" {
  command = plan

  variables {
    processor_timeout_s        = 60
    queue_visibility_timeout_s = 359
  }

  expect_failures = [var.queue_visibility_timeout_s]
}

run "a_batch_of_eleven" {
  command = plan

  variables {
    batch_size = 11
  }

  expect_failures = [var.batch_size]
}

run "a_concurrency_of_one" {
  command = plan

  variables {
    processor_max_concurrency = 1
  }

  expect_failures = [var.processor_max_concurrency]
}

run "a_retention_that_logs_do_not_know" {
  command = plan

  variables {
    log_retention_days = 31
  }

  expect_failures = [var.log_retention_days]
}

run "half_a_day_of_retention" {
  command = plan

  variables {
    originals_expire_after_days = 0.5
  }

  expect_failures = [var.originals_expire_after_days]
}

run "a_domain_without_its_zone" {
  command = plan

  variables {
    domain_name = "photos.example.org"
  }

  expect_failures = [var.hosted_zone_id]
}

run "a_replica_in_the_same_region" {
  command = plan

  variables {
    replica_region = "eu-central-1"
  }

  expect_failures = [var.replica_region]
}

run "live_updates_without_a_way_out" {
  command = plan

  variables {
    enable_live_updates = true
    enable_vpc          = true
  }

  expect_failures = [var.enable_live_updates]
}

run "more_uploads_than_requests" {
  command = plan

  variables {
    enable_waf                    = true
    waf_requests_per_5_min        = 100
    waf_upload_requests_per_5_min = 200
  }

  expect_failures = [var.waf_upload_requests_per_5_min]
}

run "a_network_too_small_to_cut" {
  command = plan

  variables {
    vpc_cidr = "10.0.0.0/31"
  }

  expect_failures = [var.vpc_cidr]
}

run "no_rate_at_all" {
  command = plan

  variables {
    api_rate_per_s = 0
  }

  expect_failures = [var.api_rate_per_s]
}

run "a_boundary_that_is_no_policy" {
  command = plan

  variables {
    permissions_boundary_arn = "boundary"
  }

  expect_failures = [var.permissions_boundary_arn]
}
