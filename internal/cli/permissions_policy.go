// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"io"
	"strings"
)

// policy is an IAM policy in the order in which people write one.
type policy struct {
	Version   string
	Statement []statement
}

type statement struct {
	Sid      string
	Effect   string
	Action   []string
	Resource string
}

const policyVersion = "2012-10-17"

// writePolicy writes a policy that allows the actions, or a template of a role
// that has it.
func writePolicy(w io.Writer, format string, actions []string) error {
	var err error
	switch format {
	case "cloudformation":
		_, err = fmt.Fprintf(w, cloudFormationRole, policyVersion, each(actions, "                  - %s\n"))
	case "terraform":
		_, err = fmt.Fprintf(w, terraformRole, policyVersion, each(actions, "        %q,\n"))
	default:
		return writeJSON(w, policy{policyVersion, []statement{{"PlumbReads", "Allow", actions, "*"}}})
	}
	return err
}

func each(words []string, form string) string {
	var b strings.Builder
	for _, word := range words {
		fmt.Fprintf(&b, form, word)
	}
	return b.String()
}

const cloudFormationRole = `AWSTemplateFormatVersion: "2010-09-09"
Description: A role with which Plumb reads this account.
Parameters:
  TrustedPrincipal:
    Type: String
    Description: The ARN of the principal that may assume the role.
    AllowedPattern: ^arn:aws[a-z-]*:iam::[0-9]{12}:.+$
  ExternalId:
    Type: String
    Description: What the principal has to say when it assumes the role.
    MinLength: 2
    MaxLength: 1224
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      Description: Reads what Plumb's controls need, and nothing more.
      AssumeRolePolicyDocument:
        Version: "%[1]s"
        Statement:
          - Effect: Allow
            Principal:
              AWS: !Ref TrustedPrincipal
            Action: sts:AssumeRole
            Condition:
              StringEquals:
                sts:ExternalId: !Ref ExternalId
      Policies:
        - PolicyName: plumb
          PolicyDocument:
            Version: "%[1]s"
            Statement:
              - Sid: PlumbReads
                Effect: Allow
                Resource: "*"
                Action:
%[2]sOutputs:
  RoleArn:
    Description: What --role-arn takes.
    Value: !GetAtt Role.Arn
`

const terraformRole = `variable "trusted_principal" {
  description = "The ARN of the principal that may assume the role."
  type        = string
}

variable "external_id" {
  description = "What the principal has to say when it assumes the role."
  type        = string
}

resource "aws_iam_role" "plumb" {
  name        = "plumb"
  description = "Reads what Plumb's controls need, and nothing more."

  assume_role_policy = jsonencode({
    Version = "%[1]s"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = var.trusted_principal }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "sts:ExternalId" = var.external_id } }
    }]
  })
}

resource "aws_iam_role_policy" "plumb" {
  name = "plumb"
  role = aws_iam_role.plumb.id

  policy = jsonencode({
    Version = "%[1]s"
    Statement = [{
      Sid      = "PlumbReads"
      Effect   = "Allow"
      Resource = "*"
      Action = [
%[2]s      ]
    }]
  })
}

output "role_arn" {
  description = "What --role-arn takes."
  value       = aws_iam_role.plumb.arn
}
`
