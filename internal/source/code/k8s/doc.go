// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package k8s reads Kubernetes manifests: it turns YAML and JSON into objects
// whose fields keep the line on which they stand, without a cluster.
//
// It knows how manifests are written (several documents in a file, lists of
// objects, the default namespace, selectors) and nothing about what a field means;
// rooms read its objects and make assets of them. Helm templates and patches of a
// kustomization are no manifests, and it says so instead of guessing what they
// would become. What a deployment fills into a text, such as ${TAG}, is unknown.
package k8s
