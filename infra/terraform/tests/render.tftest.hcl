# Renders the whole for other checks, which read it from `terraform test -json -verbose`. What is optional comes
# from a file of examples/ on the command line.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  environment   = "test"
  region        = "eu-central-1"
  origin_secret = "00000000000000000000000000000000"
  dist_dir      = "./tests/dist"
}

run "render" {
  assert {
    condition     = output.site_url != ""
    error_message = "there is no address"
  }
}
