resource "aws_kms_key" "data" {
  description             = "Orders, carts and customers"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

resource "aws_kms_alias" "data" {
  name          = "alias/${local.name}-data"
  target_key_id = aws_kms_key.data.key_id
}

resource "aws_kms_key" "messages" {
  description = "Queues and topics"
}

resource "aws_secretsmanager_secret" "payment" {
  name        = "${local.name}/payment-provider"
  description = "The payment provider's key. Its value is set by hand."
  kms_key_id  = aws_kms_key.data.arn
}

resource "aws_secretsmanager_secret" "search" {
  name       = "${local.name}/search"
  kms_key_id = aws_kms_key.data.arn
}

resource "aws_secretsmanager_secret_rotation" "search" {
  secret_id           = aws_secretsmanager_secret.search.id
  rotation_lambda_arn = aws_lambda_function.rotate.arn

  rotation_rules {
    automatically_after_days = 30
  }
}
