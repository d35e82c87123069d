resource "aws_lb" "storefront" {
  name                       = local.name
  load_balancer_type         = "application"
  security_groups            = [aws_security_group.balancer.id]
  subnets                    = [for subnet in aws_subnet.public : subnet.id]
  drop_invalid_header_fields = true
  enable_deletion_protection = true
}

resource "aws_lb_target_group" "web" {
  name     = "${local.name}-web"
  port     = 8080
  protocol = "HTTP"
  vpc_id   = aws_vpc.main.id
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.storefront.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}

resource "aws_iam_instance_profile" "web" {
  name = "${local.name}-web"
  role = aws_iam_role.web.name
}

resource "aws_instance" "web" {
  for_each = aws_subnet.private

  ami                    = var.ami_id
  instance_type          = "t4g.medium"
  subnet_id              = each.value.id
  vpc_security_group_ids = [aws_security_group.web.id]
  iam_instance_profile   = aws_iam_instance_profile.web.name

  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "required"
  }

  root_block_device {
    encrypted = true
  }

  tags = { Name = "${local.name}-web-${each.key}" }
}

resource "aws_lb_target_group_attachment" "web" {
  for_each = aws_instance.web

  target_group_arn = aws_lb_target_group.web.arn
  target_id        = each.value.id
}

# Renders product pictures. Older than the web hosts, and set up by hand first.
resource "aws_instance" "worker" {
  ami                         = var.ami_id
  instance_type               = "c7g.large"
  subnet_id                   = aws_subnet.public["eu-central-1a"].id
  vpc_security_group_ids      = [aws_security_group.web.id]
  iam_instance_profile        = aws_iam_instance_profile.web.name
  associate_public_ip_address = true

  metadata_options {
    http_tokens = "optional"
  }

  tags = { Name = "${local.name}-worker" }
}

resource "aws_ebs_volume" "pictures" {
  availability_zone = "eu-central-1a"
  size              = 200
  type              = "gp3"
  encrypted         = false
}

resource "aws_volume_attachment" "pictures" {
  device_name = "/dev/sdf"
  volume_id   = aws_ebs_volume.pictures.id
  instance_id = aws_instance.worker.id
}
