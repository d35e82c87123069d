resource "aws_sqs_queue" "orders" {
  name                      = "${local.name}-orders"
  kms_master_key_id         = aws_kms_key.messages.id
  message_retention_seconds = 1209600

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.orders_failed.arn
    maxReceiveCount     = 5
  })
}

resource "aws_sqs_queue" "orders_failed" {
  name                    = "${local.name}-orders-failed"
  sqs_managed_sse_enabled = true
}

# The warehouse runs in an account of its own and reads the orders here.
resource "aws_sqs_queue_policy" "orders" {
  queue_url = aws_sqs_queue.orders.id
  policy = templatefile("${path.module}/policies/queue.json.tftpl", {
    queue_arn = aws_sqs_queue.orders.arn
    readers   = ["*"]
  })
}

resource "aws_sns_topic" "alarms" {
  name              = "${local.name}-alarms"
  kms_master_key_id = aws_kms_key.messages.id
}

resource "aws_sns_topic_policy" "alarms" {
  arn = aws_sns_topic.alarms.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "CloudWatch"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = aws_sns_topic.alarms.arn
        Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
      },
    ]
  })
}
