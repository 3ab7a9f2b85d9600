# Who may take on which role, and what the state is guarded by.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = {
      account_id = "000000000000"
    }
  }

  override_resource {
    target = aws_s3_bucket.state
    values = {
      arn = "arn:aws:s3:::imagasaur-000000000000-terraform-state"
    }
  }

  override_resource {
    target = aws_iam_openid_connect_provider.github
    values = {
      arn = "arn:aws:iam::000000000000:oidc-provider/token.actions.githubusercontent.com"
    }
  }
}

run "render" {
  variables {
    github_repository = "imagasaur/imagasaur"
  }

  assert {
    condition = jsondecode(aws_iam_role.github["plan"].assume_role_policy).Statement[0].Condition.StringEquals == {
      "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
      "token.actions.githubusercontent.com:sub" = ["repo:imagasaur/imagasaur:pull_request"]
    }
    error_message = "pull requests of this repository, and nobody else, may plan"
  }
  assert {
    condition     = jsondecode(aws_iam_role.github["deploy"].assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] == ["repo:imagasaur/imagasaur:environment:production", "repo:imagasaur/imagasaur:environment:staging"]
    error_message = "jobs of the protected environments, and nobody else, may deploy"
  }
  assert {
    condition     = aws_s3_bucket_versioning.state.versioning_configuration[0].status == "Enabled" && aws_s3_bucket_public_access_block.state.restrict_public_buckets
    error_message = "the state keeps its past, and to itself"
  }
}

run "without_github" {
  command = plan

  assert {
    condition     = length(aws_iam_role.github) == 0 && length(aws_iam_openid_connect_provider.github) == 0
    error_message = "without a repository no role is made"
  }
}

run "a_repository_without_an_owner" {
  command = plan

  variables {
    github_repository = "imagasaur"
  }

  expect_failures = [var.github_repository]
}
