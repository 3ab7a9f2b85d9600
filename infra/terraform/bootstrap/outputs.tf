output "state_bucket" {
  description = "What `cargo xtask deploy --state-bucket` and the repository's variable STATE_BUCKET take."
  value       = aws_s3_bucket.state.id
}

output "roles" {
  description = "What the repository's variables PLAN_ROLE and DEPLOY_ROLE take."
  value       = { for name, role in aws_iam_role.github : name => role.arn }
}

output "permissions_boundary_arn" {
  description = "What the installation's variable permissions_boundary_arn takes."
  value       = aws_iam_policy.boundary.arn
}
