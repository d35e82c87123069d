// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package mototest lets tests read an imitation of AWS with the real SDK. It
// runs moto, one server for each test binary, and puts a proxy before it, the
// wire, that counts calls and makes them fail as a real network and a real
// account do.
//
// Every test that calls [Start] has an AWS account of its own on the shared
// server, so tests may run in parallel and need no reset. Only what is unique
// across accounts in AWS too must differ between the tests of one package: the
// names of buckets.
//
// The package is for tests only; nothing that is shipped may import it.
package mototest
