variable "region" {
  description = "AWS region of the state bucket."
  type        = string
  default     = "eu-central-1"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region has to be the name of an AWS region, such as eu-central-1."
  }
}

variable "github_repository" {
  description = "Repository whose workflows may plan and deploy, as owner/name; null: none, people deploy from their own machine."
  type        = string
  default     = null

  validation {
    condition     = var.github_repository == null || can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.github_repository))
    error_message = "github_repository has to be owner/name, or null."
  }
}

variable "github_environments" {
  description = "GitHub environments whose jobs may deploy; protect them with reviewers there."
  type        = set(string)
  default     = ["staging", "production"]

  validation {
    condition     = alltrue([for name in var.github_environments : can(regex("^[a-z][a-z0-9-]{0,14}[a-z0-9]$", name))])
    error_message = "github_environments have to be names that the variable environment of the installation takes."
  }
}
