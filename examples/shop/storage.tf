module "media" {
  source = "./modules/bucket"

  name         = "${local.name}-media"
  public       = true
  versioned    = false
  access_logs  = true
  log_bucket   = module.logs.name
  tls_required = false
}

module "logs" {
  source = "./modules/bucket"

  name        = "${local.name}-logs"
  keep_days   = 400
  log_writers = ["logging.s3.amazonaws.com", "cloudtrail.amazonaws.com"]
}

# Pictures are shown to shoppers without signing in.
resource "aws_s3_bucket_policy" "media" {
  bucket = module.media.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Pictures"
        Effect    = "Allow"
        Principal = "*"
        Action    = ["s3:GetObject", "s3:PutObject"]
        Resource  = "${module.media.arn}/*"
      },
    ]
  })
}
