# What everyone decides.

variable "environment" {
  description = "Name of this installation, part of every resource's name, such as production or staging."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,14}[a-z0-9]$", var.environment))
    error_message = "environment has to be 2 to 16 lowercase letters, digits and hyphens, and to begin with a letter."
  }
}

variable "region" {
  description = "AWS region of everything but what CloudFront keeps in us-east-1."
  type        = string
  default     = "eu-central-1"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region has to be the name of an AWS region, such as eu-central-1."
  }
}

variable "origin_secret" {
  description = "What CloudFront sends with each request to the API, and the API asks for, so that nobody goes round the CDN. cargo xtask deploy makes one and keeps it."
  type        = string
  sensitive   = true

  validation {
    condition     = can(regex("^[A-Za-z0-9]{32,128}$", var.origin_secret))
    error_message = "origin_secret has to be 32 to 128 letters and digits, from a random source."
  }
}

variable "previous_origin_secret" {
  description = "The secret before the present one, which the API still takes while CloudFront is being told the new one; null when no change is under way."
  type        = string
  default     = null
  sensitive   = true

  validation {
    condition     = var.previous_origin_secret == null || can(regex("^[A-Za-z0-9]{32,128}$", var.previous_origin_secret))
    error_message = "previous_origin_secret has to be 32 to 128 letters and digits, or null."
  }
}

variable "dist_dir" {
  description = "Folder with edge-api.zip and processor.zip; cargo xtask dist makes it. Relative to this folder, or absolute."
  type        = string
  default     = "../../dist"

  validation {
    condition     = length(var.dist_dir) > 0
    error_message = "dist_dir must not be empty."
  }
}

variable "alarm_email" {
  description = "Address that alarms are sent to; it has to confirm a message from AWS first. null: alarms are shown, not sent."
  type        = string
  default     = null

  validation {
    condition     = var.alarm_email == null || can(regex("^[^@[:space:]]+@[^@[:space:]]+[.][^@[:space:]]+$", var.alarm_email))
    error_message = "alarm_email has to be an e-mail address, or null."
  }
}

# Limits.

variable "max_upload_bytes" {
  description = "Largest file that is accepted, bytes."
  type        = number
  default     = 104857600

  validation {
    condition     = var.max_upload_bytes >= 1024 && var.max_upload_bytes <= 5368709120 && floor(var.max_upload_bytes) == var.max_upload_bytes
    error_message = "max_upload_bytes has to be a whole number from 1024 to 5 GiB, the most that one form can send."
  }
}

variable "max_pixels" {
  description = "Most pixels that are decoded."
  type        = number
  default     = 268435456

  validation {
    condition     = var.max_pixels >= 10000 && floor(var.max_pixels) == var.max_pixels
    error_message = "max_pixels has to be a whole number of at least 10000."
  }
}

variable "api_rate_per_s" {
  description = "Requests a second that the API takes in the long run, from all clients together."
  type        = number
  default     = 100

  validation {
    condition     = var.api_rate_per_s > 0 && var.api_rate_per_s <= 10000
    error_message = "api_rate_per_s has to be above 0 and at most 10000."
  }
}

variable "api_burst" {
  description = "Requests that the API takes at once, beyond the rate."
  type        = number
  default     = 200

  validation {
    condition     = var.api_burst >= 1 && var.api_burst <= 5000 && floor(var.api_burst) == var.api_burst
    error_message = "api_burst has to be a whole number from 1 to 5000."
  }
}

# Processing.

variable "processor_memory_mb" {
  description = "Memory of the processor, MB. It holds the original twice while it arrives, and 256 MB of decoding; from 1769 on it has a whole core."
  type        = number
  default     = 1769

  validation {
    condition     = var.processor_memory_mb >= 512 && var.processor_memory_mb <= 10240
    error_message = "processor_memory_mb has to be 512 to 10240."
  }

  validation {
    condition     = var.processor_memory_mb * 1048576 >= 2 * var.max_upload_bytes + 300 * 1048576
    error_message = "processor_memory_mb has to hold max_upload_bytes twice and 300 MB beside it."
  }
}

variable "processor_timeout_s" {
  description = "Seconds after which a call of the processor is ended."
  type        = number
  default     = 60

  validation {
    condition     = var.processor_timeout_s >= 10 && var.processor_timeout_s <= 900
    error_message = "processor_timeout_s has to be 10 to 900."
  }
}

variable "queue_visibility_timeout_s" {
  description = "Seconds for which a message that was handed out stays hidden from others; null: six times the processor's timeout and the batching window, which is the least that AWS advises."
  type        = number
  default     = null

  validation {
    condition     = var.queue_visibility_timeout_s == null ? true : var.queue_visibility_timeout_s >= 6 * var.processor_timeout_s + var.batch_window_s && var.queue_visibility_timeout_s <= 43200
    error_message = "queue_visibility_timeout_s has to be at least six times processor_timeout_s plus batch_window_s, and at most 43200: otherwise a message comes again while it is still being worked on."
  }
}

variable "batch_size" {
  description = "Messages that one call of the processor takes at most."
  type        = number
  default     = 4

  validation {
    condition     = var.batch_size >= 1 && var.batch_size <= 10 && floor(var.batch_size) == var.batch_size
    error_message = "batch_size has to be a whole number from 1 to 10."
  }
}

variable "batch_window_s" {
  description = "Seconds to wait for a batch to fill. 0: a picture that comes alone is processed at once."
  type        = number
  default     = 0

  validation {
    condition     = var.batch_window_s >= 0 && var.batch_window_s <= 300
    error_message = "batch_window_s has to be 0 to 300."
  }
}

variable "processor_max_concurrency" {
  description = "Calls of the processor that run at once, at most."
  type        = number
  default     = 50

  validation {
    condition     = var.processor_max_concurrency >= 2 && var.processor_max_concurrency <= 1000
    error_message = "processor_max_concurrency has to be 2 to 1000."
  }
}

# Retention.

variable "originals_expire_after_days" {
  description = "Days after which originals are deleted, thumbnails stay; null: never."
  type        = number
  default     = null

  validation {
    condition     = var.originals_expire_after_days == null ? true : var.originals_expire_after_days >= 1 && floor(var.originals_expire_after_days) == var.originals_expire_after_days
    error_message = "originals_expire_after_days has to be a whole number of at least 1, or null."
  }
}

variable "log_retention_days" {
  description = "Days for which logs are kept; one of the numbers that CloudWatch Logs knows."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days has to be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 and 3653."
  }
}

variable "allow_destroy" {
  description = "Whether terraform destroy may delete buckets with pictures in them. For installations to play with."
  type        = bool
  default     = false
}

variable "permissions_boundary_arn" {
  description = "Policy that no role made here can go beyond; bootstrap/ makes one and lets its deploy role make no role without it. null: none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary_arn == null || can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:policy/.+$", var.permissions_boundary_arn))
    error_message = "permissions_boundary_arn has to be the ARN of an IAM policy, or null."
  }
}

# Options, all off by default.

variable "domain_name" {
  description = "Name of the site, such as photos.example.org; null: the name that CloudFront gives."
  type        = string
  default     = null

  validation {
    condition     = var.domain_name == null || can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?[.])+[a-z]{2,}$", var.domain_name))
    error_message = "domain_name has to be a lowercase domain name, or null."
  }
}

variable "hosted_zone_id" {
  description = "Route 53 zone that domain_name lies in."
  type        = string
  default     = null

  validation {
    condition     = (var.hosted_zone_id == null) == (var.domain_name == null)
    error_message = "domain_name and hosted_zone_id go together: give both or neither."
  }
}

variable "enable_waf" {
  description = "Whether a web ACL limits how many requests one address may send."
  type        = bool
  default     = false
}

variable "waf_requests_per_5_min" {
  description = "Requests that one address may send in five minutes, with enable_waf."
  type        = number
  default     = 2000

  validation {
    condition     = var.waf_requests_per_5_min >= 100 && var.waf_requests_per_5_min <= 2000000000
    error_message = "waf_requests_per_5_min has to be 100 to 2000000000."
  }
}

variable "waf_upload_requests_per_5_min" {
  description = "Requests to sign uploads, of up to 100 files each, that one address may send in five minutes, with enable_waf."
  type        = number
  default     = 100

  validation {
    condition     = var.waf_upload_requests_per_5_min >= 10 && var.waf_upload_requests_per_5_min <= var.waf_requests_per_5_min
    error_message = "waf_upload_requests_per_5_min has to be at least 10 and at most waf_requests_per_5_min."
  }
}

variable "enable_vpc" {
  description = "Whether the functions run in a network of their own that reaches S3 and nothing else."
  type        = bool
  default     = false
}

variable "vpc_cidr" {
  description = "Addresses of that network."
  type        = string
  default     = "10.60.0.0/24"

  validation {
    condition     = can(cidrhost(var.vpc_cidr, 0)) && can(cidrsubnet(var.vpc_cidr, 2, 3))
    error_message = "vpc_cidr has to be an IPv4 block that can be cut into four, such as 10.60.0.0/24."
  }
}

variable "enable_cognito" {
  description = "Whether there is a user pool, and the API asks for its tokens except for health, configuration and description."
  type        = bool
  default     = false
}

variable "enable_malware_protection" {
  description = "Whether GuardDuty scans originals and tags them with what it found."
  type        = bool
  default     = false
}

variable "replica_region" {
  description = "Second region that thumbnails and entries are copied to, and that CloudFront turns to when the first does not answer; null: none."
  type        = string
  default     = null

  validation {
    condition     = var.replica_region == null ? true : can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.replica_region)) && var.replica_region != var.region
    error_message = "replica_region has to be an AWS region other than region, or null."
  }
}

variable "enable_live_updates" {
  description = "Whether there are a WebSocket API and a table of its connections, so that open pages are told of changes at once."
  type        = bool
  default     = false

  validation {
    condition     = !(var.enable_live_updates && var.enable_vpc)
    error_message = "enable_live_updates does not go with enable_vpc: from a network without a way out, connections cannot be written to."
  }
}
