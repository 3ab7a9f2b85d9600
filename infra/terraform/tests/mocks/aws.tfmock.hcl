# What AWS would have answered, for an environment called `test` in an account of zeros in eu-central-1. Where it
# matters for a policy, it has the form that AWS gives it.

mock_data "aws_caller_identity" {
  defaults = {
    account_id = "000000000000"
  }
}

mock_data "aws_partition" {
  defaults = {
    partition = "aws"
  }
}

mock_data "aws_availability_zones" {
  defaults = {
    names = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
  }
}

override_resource {
  target = aws_s3_bucket.main["uploads"]
  values = {
    id                          = "imagasaur-test-000000000000-uploads"
    arn                         = "arn:aws:s3:::imagasaur-test-000000000000-uploads"
    bucket_regional_domain_name = "imagasaur-test-000000000000-uploads.s3.eu-central-1.amazonaws.com"
  }
}

override_resource {
  target = aws_s3_bucket.main["processed"]
  values = {
    id                          = "imagasaur-test-000000000000-processed"
    arn                         = "arn:aws:s3:::imagasaur-test-000000000000-processed"
    bucket_regional_domain_name = "imagasaur-test-000000000000-processed.s3.eu-central-1.amazonaws.com"
  }
}

override_resource {
  target = aws_s3_bucket.main["frontend"]
  values = {
    id                          = "imagasaur-test-000000000000-frontend"
    arn                         = "arn:aws:s3:::imagasaur-test-000000000000-frontend"
    bucket_regional_domain_name = "imagasaur-test-000000000000-frontend.s3.eu-central-1.amazonaws.com"
  }
}

override_resource {
  target = aws_s3_bucket.replica
  values = {
    id                          = "imagasaur-test-000000000000-processed-replica"
    arn                         = "arn:aws:s3:::imagasaur-test-000000000000-processed-replica"
    bucket_regional_domain_name = "imagasaur-test-000000000000-processed-replica.s3.eu-west-1.amazonaws.com"
  }
}

override_resource {
  target = aws_sqs_queue.originals
  values = {
    id  = "https://sqs.eu-central-1.amazonaws.com/000000000000/imagasaur-test-originals"
    arn = "arn:aws:sqs:eu-central-1:000000000000:imagasaur-test-originals"
  }
}

override_resource {
  target = aws_sqs_queue.dead_letters
  values = {
    id  = "https://sqs.eu-central-1.amazonaws.com/000000000000/imagasaur-test-dead-letters"
    arn = "arn:aws:sqs:eu-central-1:000000000000:imagasaur-test-dead-letters"
    # What AWS may decide and nobody set would be invented.
    redrive_policy = ""
  }
}

override_resource {
  target = aws_sns_topic.alarms
  values = {
    id  = "arn:aws:sns:eu-central-1:000000000000:imagasaur-test-alarms"
    arn = "arn:aws:sns:eu-central-1:000000000000:imagasaur-test-alarms"
  }
}

override_resource {
  target = aws_cloudwatch_log_group.edge_api
  values = {
    arn = "arn:aws:logs:eu-central-1:000000000000:log-group:/aws/lambda/imagasaur-test-edge-api"
  }
}

override_resource {
  target = aws_cloudwatch_log_group.processor
  values = {
    arn = "arn:aws:logs:eu-central-1:000000000000:log-group:/aws/lambda/imagasaur-test-processor"
  }
}

override_resource {
  target = aws_cloudfront_distribution.site
  values = {
    id          = "E0000000000000"
    arn         = "arn:aws:cloudfront::000000000000:distribution/E0000000000000"
    domain_name = "d000000000000.cloudfront.net"
  }
}

override_resource {
  target = aws_apigatewayv2_api.main
  values = {
    id            = "api0000000"
    api_endpoint  = "https://api0000000.execute-api.eu-central-1.amazonaws.com"
    execution_arn = "arn:aws:execute-api:eu-central-1:000000000000:api0000000"
  }
}

override_resource {
  target = aws_apigatewayv2_api.live
  values = {
    id            = "live000000"
    api_endpoint  = "wss://live000000.execute-api.eu-central-1.amazonaws.com"
    execution_arn = "arn:aws:execute-api:eu-central-1:000000000000:live000000"
  }
}

override_resource {
  target = aws_dynamodb_table.connections
  values = {
    arn = "arn:aws:dynamodb:eu-central-1:000000000000:table/imagasaur-test-connections"
  }
}

override_resource {
  target = aws_lambda_alias.edge_api
  values = {
    arn        = "arn:aws:lambda:eu-central-1:000000000000:function:imagasaur-test-edge-api:live"
    invoke_arn = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:000000000000:function:imagasaur-test-edge-api:live/invocations"
  }
}

override_resource {
  target = aws_lambda_alias.processor
  values = {
    arn = "arn:aws:lambda:eu-central-1:000000000000:function:imagasaur-test-processor:live"
  }
}

override_resource {
  target = aws_acm_certificate.site
  values = {
    arn = "arn:aws:acm:us-east-1:000000000000:certificate/00000000-0000-0000-0000-000000000000"
    domain_validation_options = [{
      domain_name           = "photos.example.org"
      resource_record_name  = "_0.photos.example.org."
      resource_record_type  = "CNAME"
      resource_record_value = "_0.acm-validations.aws."
    }]
  }
}

override_resource {
  target = aws_acm_certificate_validation.site
  values = {
    certificate_arn = "arn:aws:acm:us-east-1:000000000000:certificate/00000000-0000-0000-0000-000000000000"
  }
}

override_resource {
  target = aws_wafv2_web_acl.site
  values = {
    arn = "arn:aws:wafv2:us-east-1:000000000000:global/webacl/imagasaur-test/0"
  }
}

override_resource {
  target = aws_iam_role.edge_api
  values = {
    arn = "arn:aws:iam::000000000000:role/imagasaur-test-edge-api"
  }
}

override_resource {
  target = aws_iam_role.processor
  values = {
    arn = "arn:aws:iam::000000000000:role/imagasaur-test-processor"
  }
}

override_resource {
  target = aws_iam_role.replication
  values = {
    arn = "arn:aws:iam::000000000000:role/imagasaur-test-replication"
  }
}

override_resource {
  target = aws_iam_role.malware_protection
  values = {
    arn = "arn:aws:iam::000000000000:role/imagasaur-test-malware-protection"
  }
}
