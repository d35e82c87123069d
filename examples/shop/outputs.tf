output "storefront" {
  description = "Where shoppers go."
  value       = aws_lb.storefront.dns_name
}

output "deploy_role" {
  description = "The role that GitHub Actions assumes."
  value       = aws_iam_role.deploy.arn
}
