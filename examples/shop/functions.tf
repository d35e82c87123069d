data "aws_iam_policy_document" "lambda_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "function" {
  for_each = toset(["mail", "rotate"])

  name               = "${local.name}-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.lambda_trust.json
}

resource "aws_iam_role_policy_attachment" "function_logs" {
  for_each = aws_iam_role.function

  role       = each.value.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

# Sends order confirmations.
resource "aws_lambda_function" "mail" {
  function_name = "${local.name}-mail"
  role          = aws_iam_role.function["mail"].arn
  runtime       = "python3.8"
  handler       = "mail.handle"
  s3_bucket     = module.logs.name
  s3_key        = "functions/mail.zip"

  dead_letter_config {
    target_arn = aws_sqs_queue.orders_failed.arn
  }

  environment {
    variables = {
      SENDER = "orders@shop.example.com"
    }
  }
}

resource "aws_lambda_function_url" "mail" {
  function_name      = aws_lambda_function.mail.function_name
  authorization_type = "NONE"
}

resource "aws_lambda_function" "rotate" {
  function_name = "${local.name}-rotate"
  role          = aws_iam_role.function["rotate"].arn
  runtime       = "python3.13"
  handler       = "rotate.handle"
  s3_bucket     = module.logs.name
  s3_key        = "functions/rotate.zip"

  tracing_config {
    mode = "Active"
  }
}

resource "aws_lambda_permission" "rotate" {
  statement_id   = "SecretsManager"
  function_name  = aws_lambda_function.rotate.function_name
  action         = "lambda:InvokeFunction"
  principal      = "secretsmanager.amazonaws.com"
  source_account = data.aws_caller_identity.current.account_id
}
