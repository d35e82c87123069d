variable "name" {
  description = "The bucket's name."
  type        = string
}

variable "public" {
  description = "Whether policies may make objects public."
  type        = bool
  default     = false
}

variable "versioned" {
  description = "Whether old versions are kept."
  type        = bool
  default     = true
}

variable "keep_days" {
  description = "After how many days objects are deleted; 0 keeps them."
  type        = number
  default     = 0
}

variable "access_logs" {
  description = "Whether the bucket delivers access logs to log_bucket."
  type        = bool
  default     = false
}

variable "log_bucket" {
  description = "The bucket that gets the access logs."
  type        = string
  default     = null
}

variable "log_writers" {
  description = "AWS services that write logs here."
  type        = list(string)
  default     = []
}

variable "tls_required" {
  description = "Whether to refuse requests without TLS. Leave it off where another policy is attached."
  type        = bool
  default     = true
}
