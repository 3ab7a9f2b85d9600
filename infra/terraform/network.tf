# A network without a way out: no internet gateway, no NAT. The gateway endpoint to S3 costs nothing, and lets
# through only what this installation owns. Logs and queue need no way: Lambda itself writes and polls.

locals {
  vpc_count  = var.enable_vpc ? 1 : 0
  zone_count = 2
}

data "aws_availability_zones" "available" {
  count = local.vpc_count

  state = "available"
}

resource "aws_vpc" "main" {
  count = local.vpc_count

  cidr_block           = var.vpc_cidr
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = { Name = local.name }
}

# Its rules are taken away, so that nothing gets them by accident.
resource "aws_default_security_group" "main" {
  count = local.vpc_count

  vpc_id = aws_vpc.main[0].id
}

resource "aws_subnet" "private" {
  count = local.vpc_count * local.zone_count

  vpc_id            = aws_vpc.main[0].id
  cidr_block        = cidrsubnet(var.vpc_cidr, 2, count.index)
  availability_zone = data.aws_availability_zones.available[0].names[count.index]

  tags = { Name = "${local.name}-${count.index}" }
}

resource "aws_route_table" "private" {
  count = local.vpc_count

  vpc_id = aws_vpc.main[0].id

  tags = { Name = local.name }
}

resource "aws_route_table_association" "private" {
  count = local.vpc_count * local.zone_count

  subnet_id      = aws_subnet.private[count.index].id
  route_table_id = aws_route_table.private[0].id
}

resource "aws_vpc_endpoint" "s3" {
  count = local.vpc_count

  vpc_id            = aws_vpc.main[0].id
  service_name      = "com.amazonaws.${var.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = aws_route_table.private[*].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "OwnBucketsOnly"
      Effect    = "Allow"
      Principal = "*"
      Action    = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"]
      Resource = [
        local.uploads_arn, "${local.uploads_arn}/*",
        local.processed_arn, "${local.processed_arn}/*",
      ]
      Condition = { StringEquals = { "aws:PrincipalAccount" = local.account_id } }
    }]
  })
}

resource "aws_security_group" "functions" {
  count = local.vpc_count

  name        = "${local.name}-functions"
  description = "S3 over TLS, nothing else"
  vpc_id      = aws_vpc.main[0].id
}

resource "aws_vpc_security_group_egress_rule" "s3" {
  count = local.vpc_count

  security_group_id = aws_security_group.functions[0].id
  description       = "S3 over TLS"
  prefix_list_id    = aws_vpc_endpoint.s3[0].prefix_list_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

# Lambda puts its network interfaces in place with the function's role; the function's code may not.
locals {
  interface_actions = [
    "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses",
  ]
  function_arn_prefix = "arn:${local.partition}:lambda:${var.region}:${local.account_id}:function:${local.name}"
  interface_policies = {
    for function in ["edge-api", "processor"] : function => jsonencode({
      Version = "2012-10-17"
      Statement = [
        {
          Sid      = "PlaceInNetwork"
          Effect   = "Allow"
          Action   = local.interface_actions
          Resource = "*"
        },
        {
          Sid       = "NotByTheCodeItself"
          Effect    = "Deny"
          Action    = local.interface_actions
          Resource  = "*"
          Condition = { ArnEquals = { "lambda:SourceFunctionArn" = "${local.function_arn_prefix}-${function}" } }
        },
      ]
    })
  }
}

resource "aws_iam_role_policy" "edge_api_vpc" {
  count = local.vpc_count

  name   = "network"
  role   = aws_iam_role.edge_api.id
  policy = local.interface_policies["edge-api"]
}

resource "aws_iam_role_policy" "processor_vpc" {
  count = local.vpc_count

  name   = "network"
  role   = aws_iam_role.processor.id
  policy = local.interface_policies["processor"]
}
