# Workflows of one repository get short-lived credentials: any pull request a role that can read, jobs of the
# protected environments one that can deploy.

locals {
  github_count = var.github_repository == null ? 0 : 1
  issuer       = "token.actions.githubusercontent.com"
  provider_arn = one(aws_iam_openid_connect_provider.github[*].arn)

  # Who each role is for, as GitHub names it.
  subjects = var.github_repository == null ? {} : {
    plan   = ["repo:${var.github_repository}:pull_request"]
    deploy = [for name in var.github_environments : "repo:${var.github_repository}:environment:${name}"]
  }
}

resource "aws_iam_openid_connect_provider" "github" {
  count = local.github_count

  url            = "https://${local.issuer}"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_role" "github" {
  for_each = local.subjects

  name                 = "imagasaur-github-${each.key}"
  description          = "What workflows of GitHub may do: ${each.key}"
  max_session_duration = 3600
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = local.provider_arn }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = {
          "${local.issuer}:aud" = "sts.amazonaws.com"
          "${local.issuer}:sub" = each.value
        }
      }
    }]
  })
}

# A plan reads the state and asks AWS how things are. It takes no lock.
resource "aws_iam_role_policy" "read_state" {
  count = local.github_count

  name = "read-state"
  role = aws_iam_role.github["plan"].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "FindState"
        Effect   = "Allow"
        Action   = "s3:ListBucket"
        Resource = aws_s3_bucket.state.arn
      },
      {
        Sid      = "ReadState"
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = "${aws_s3_bucket.state.arn}/*"
      },
      {
        # A plan of a pull request has no business with people's pictures.
        Sid      = "NoPictures"
        Effect   = "Deny"
        Action   = ["s3:GetObject", "s3:GetObjectVersion"]
        Resource = ["arn:aws:s3:::imagasaur-*-uploads/*", "arn:aws:s3:::imagasaur-*-processed/*", "arn:aws:s3:::imagasaur-*-replica/*"]
      },
    ]
  })
}

resource "aws_iam_role_policy_attachment" "view" {
  count = local.github_count

  role       = aws_iam_role.github["plan"].name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

locals {
  boundary_arn = "arn:aws:iam::${local.account_id}:policy/imagasaur-boundary"
  roles_arn    = "arn:aws:iam::${local.account_id}:role/imagasaur-*"
  github_arn   = "arn:aws:iam::${local.account_id}:role/imagasaur-github-*"

  # What belongs to an installation, by name where AWS can tell by name.
  owned = {
    Buckets   = { actions = ["s3:*"], resources = ["arn:aws:s3:::imagasaur-*"] }
    Functions = { actions = ["lambda:*"], resources = ["arn:aws:lambda:*:${local.account_id}:function:imagasaur-*"] }
    Queues    = { actions = ["sqs:*"], resources = ["arn:aws:sqs:*:${local.account_id}:imagasaur-*"] }
    Topics    = { actions = ["sns:*"], resources = ["arn:aws:sns:*:${local.account_id}:imagasaur-*"] }
    Tables    = { actions = ["dynamodb:*"], resources = ["arn:aws:dynamodb:*:${local.account_id}:table/imagasaur-*"] }
    Logs = {
      actions = ["logs:*"]
      resources = [
        "arn:aws:logs:*:${local.account_id}:log-group:/aws/lambda/imagasaur-*",
        "arn:aws:logs:*:${local.account_id}:log-group:/aws/apigateway/imagasaur-*",
      ]
    }
    Metrics = {
      actions = ["cloudwatch:*"]
      resources = [
        "arn:aws:cloudwatch:*:${local.account_id}:alarm:imagasaur-*",
        "arn:aws:cloudwatch::${local.account_id}:dashboard/imagasaur-*",
      ]
    }
    Apis = {
      actions   = ["apigateway:*"]
      resources = ["arn:aws:apigateway:*::/apis", "arn:aws:apigateway:*::/apis/*", "arn:aws:apigateway:*::/tags/*"]
    }
    # These have names of AWS's making, or none to ask by.
    Cdn = { actions = ["cloudfront:*"], resources = ["*"] }
    Others = {
      actions = [
        "acm:AddTagsToCertificate", "acm:DeleteCertificate", "acm:DescribeCertificate", "acm:ListTagsForCertificate",
        "acm:RequestCertificate", "cognito-idp:*", "ec2:*Vpc*", "ec2:*Subnet*", "ec2:*Route*", "ec2:*SecurityGroup*",
        "ec2:*Tags", "ec2:Describe*", "guardduty:*MalwareProtectionPlan*", "guardduty:TagResource",
        "lambda:*EventSourceMapping*", "lambda:ListTags", "lambda:TagResource", "logs:*LogDeliver*",
        "logs:DescribeLogGroups", "logs:DescribeResourcePolicies", "logs:PutResourcePolicy",
        "route53:ChangeResourceRecordSets", "route53:GetChange", "route53:GetHostedZone",
        "route53:ListResourceRecordSets", "wafv2:*",
      ]
      resources = ["*"]
    }
  }
}

resource "aws_iam_policy" "deploy" {
  count = local.github_count

  name        = "imagasaur-deploy"
  description = "Everything that an installation is made of, and nothing of others as far as names tell"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [for name, what in local.owned : {
        Sid      = name
        Effect   = "Allow"
        Action   = what.actions
        Resource = what.resources
      }],
      [
        {
          # Only roles within the boundary: who can deploy cannot make themselves more than that.
          Sid    = "RolesWithinTheBoundary"
          Effect = "Allow"
          Action = [
            "iam:CreateRole", "iam:PutRolePolicy", "iam:DeleteRolePolicy", "iam:PutRolePermissionsBoundary",
          ]
          Resource  = local.roles_arn
          Condition = { StringEquals = { "iam:PermissionsBoundary" = local.boundary_arn } }
        },
        {
          Sid    = "CareOfRoles"
          Effect = "Allow"
          Action = [
            "iam:DeleteRole", "iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies",
            "iam:ListInstanceProfilesForRole", "iam:ListRolePolicies", "iam:TagRole", "iam:UntagRole",
            "iam:UpdateAssumeRolePolicy", "iam:UpdateRoleDescription",
          ]
          Resource = local.roles_arn
        },
        {
          Sid      = "HandRolesOver"
          Effect   = "Allow"
          Action   = "iam:PassRole"
          Resource = local.roles_arn
          Condition = {
            StringEquals = {
              "iam:PassedToService" = [
                "lambda.amazonaws.com", "s3.amazonaws.com", "malware-protection-plan.guardduty.amazonaws.com",
              ]
            }
          }
        },
        {
          Sid      = "NotItsOwnRoles"
          Effect   = "Deny"
          Action   = "iam:*"
          Resource = [local.github_arn, local.boundary_arn]
        },
        {
          Sid      = "NotTheStatesPast"
          Effect   = "Deny"
          Action   = ["s3:DeleteObjectVersion", "s3:DeleteBucket", "s3:PutBucketPolicy", "s3:PutBucketVersioning", "s3:PutLifecycleConfiguration"]
          Resource = [aws_s3_bucket.state.arn, "${aws_s3_bucket.state.arn}/*"]
        },
      ],
    )
  })
}

resource "aws_iam_role_policy_attachment" "deploy" {
  count = local.github_count

  role       = aws_iam_role.github["deploy"].name
  policy_arn = aws_iam_policy.deploy[0].arn
}

# The most that any role of an installation can do, whatever its own policy says.
resource "aws_iam_policy" "boundary" {
  name        = "imagasaur-boundary"
  description = "The most that roles of Imagasaur can do"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "DataOfAnInstallation"
        Effect = "Allow"
        Action = [
          "s3:*Object*", "s3:ListBucket", "s3:Replicate*", "s3:GetReplicationConfiguration",
          "s3:GetBucketNotification", "s3:PutBucketNotification", "sqs:*", "dynamodb:*Item", "dynamodb:Scan",
          "logs:CreateLogStream", "logs:PutLogEvents",
        ]
        Resource = [
          "arn:aws:s3:::imagasaur-*",
          "arn:aws:sqs:*:${local.account_id}:imagasaur-*",
          "arn:aws:dynamodb:*:${local.account_id}:table/imagasaur-*",
          "arn:aws:logs:*:${local.account_id}:log-group:/aws/lambda/imagasaur-*",
        ]
      },
      {
        Sid      = "LiveUpdates"
        Effect   = "Allow"
        Action   = "execute-api:ManageConnections"
        Resource = "arn:aws:execute-api:*:${local.account_id}:*/live/POST/@connections/*"
      },
      {
        Sid    = "ScanningOfOriginals"
        Effect = "Allow"
        Action = ["events:PutRule", "events:DeleteRule", "events:PutTargets", "events:RemoveTargets", "events:DescribeRule", "events:ListTargetsByRule"]
        Resource = [
          "arn:aws:events:*:${local.account_id}:rule/DO-NOT-DELETE-AmazonGuardDutyMalwareProtectionS3*",
        ]
      },
      {
        Sid    = "FunctionsInANetwork"
        Effect = "Allow"
        Action = [
          "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets",
          "ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses",
        ]
        Resource = "*"
      },
      {
        Sid      = "NotTheState"
        Effect   = "Deny"
        Action   = "s3:*"
        Resource = [aws_s3_bucket.state.arn, "${aws_s3_bucket.state.arn}/*"]
      },
    ]
  })
}
