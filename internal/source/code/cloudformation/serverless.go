// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloudformation

// The types of the serverless transform that this package knows.
const applicationType = "AWS::Serverless::Application"

func (sc *scope) expandServerless() {}
