resource "aws_db_subnet_group" "main" {
  name       = local.name
  subnet_ids = [for subnet in aws_subnet.private : subnet.id]
}

resource "aws_db_instance" "main" {
  for_each = var.databases

  identifier     = "${local.name}-${each.key}"
  engine         = "postgres"
  engine_version = "16"
  instance_class = each.value.instance_class

  allocated_storage = each.value.storage
  storage_encrypted = each.value.encrypted
  kms_key_id        = each.value.encrypted ? aws_kms_key.data.arn : null

  username                    = "shop"
  manage_master_user_password = true

  db_subnet_group_name   = aws_db_subnet_group.main.name
  vpc_security_group_ids = [aws_security_group.database.id]
  publicly_accessible    = each.value.public

  multi_az                            = true
  backup_retention_period             = each.value.backup_days
  iam_database_authentication_enabled = true
  auto_minor_version_upgrade          = true
  copy_tags_to_snapshot               = true
  deletion_protection                 = true
  final_snapshot_identifier           = "${local.name}-${each.key}-final"
}

resource "aws_dynamodb_table" "sessions" {
  name         = "${local.name}-sessions"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }

  ttl {
    attribute_name = "expires"
    enabled        = true
  }

  point_in_time_recovery {
    enabled = true
  }
}

resource "aws_dynamodb_table" "carts" {
  name         = "${local.name}-carts"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "customer"
  range_key    = "product"

  attribute {
    name = "customer"
    type = "S"
  }

  attribute {
    name = "product"
    type = "S"
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.data.arn
  }
}
