environment = "production"

zones = {
  "eu-central-1a" = 0
  "eu-central-1b" = 1
}

# Temporarily open while the new office has no fixed address.
admin_cidrs = ["0.0.0.0/0"]

databases = {
  orders = {
    instance_class = "db.r6g.large"
    storage        = 200
    encrypted      = true
    public         = false
    backup_days    = 14
  }
  reporting = {
    instance_class = "db.t4g.medium"
    storage        = 50
    encrypted      = false
    public         = true
    backup_days    = 0
  }
}

certificate_arn = "arn:aws:acm:eu-central-1:111122223333:certificate/6f1d0c52-5d0a-4a39-9f0e-3f2a7c1b9e44"
