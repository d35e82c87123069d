variable "region" {
  description = "Where the shop runs."
  type        = string
  default     = "eu-central-1"
}

variable "environment" {
  description = "Which shop this is: production or staging."
  type        = string

  validation {
    condition     = contains(["production", "staging"], var.environment)
    error_message = "The environment is production or staging."
  }
}

variable "vpc_cidr" {
  description = "The addresses of the network."
  type        = string
  default     = "10.20.0.0/16"
}

variable "zones" {
  description = "The availability zones in use, and the number of each in the address plan."
  type        = map(number)
}

variable "admin_cidrs" {
  description = "Where administrators sit."
  type        = list(string)
}

variable "ami_id" {
  description = "The machine image of the web and worker hosts. The pipeline that bakes images passes it."
  type        = string
}

variable "databases" {
  description = "The relational databases."
  type = map(object({
    instance_class = string
    storage        = number
    encrypted      = bool
    public         = bool
    backup_days    = number
  }))
}

variable "github_repository" {
  description = "The repository that deploys the shop."
  type        = string
  default     = "example-shop/storefront"
}

variable "certificate_arn" {
  description = "The certificate of the storefront."
  type        = string
}
