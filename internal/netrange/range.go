// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

// Package netrange answers questions about IP ranges and port ranges as they
// are written in firewall rules and policies: does one contain another, is it
// reachable from the internet, do several together cover everything.
//
// All functions are pure: no DNS, no interfaces, no clock. A text that is not
// an address range is an error, never an empty or a full range.
package netrange

import (
	"fmt"
	"net/netip"
	"strings"
)

// mappedBits is the length of the prefix under which IPv6 writes IPv4 addresses.
const mappedBits = 96

// Parse reads "10.0.0.0/8", "2001:db8::/32" or a single address, which is a
// range of one. Host bits are dropped ("10.0.0.5/8" is 10.0.0.0/8) and IPv4
// written as IPv6 ("::ffff:10.0.0.0/104") is IPv4, as providers read them.
func Parse(cidr string) (netip.Prefix, error) {
	if !strings.Contains(cidr, "/") {
		addr, err := netip.ParseAddr(cidr)
		if err != nil || addr.Zone() != "" {
			return netip.Prefix{}, fmt.Errorf("read %q as an IP range: not an address", cidr)
		}
		addr = addr.Unmap()
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	prefix, err := netip.ParsePrefix(cidr)
	if err != nil {
		return netip.Prefix{}, fmt.Errorf("read %q as an IP range: not an address and a prefix length", cidr)
	}
	if addr := prefix.Addr(); addr.Is4In6() && prefix.Bits() >= mappedBits {
		prefix = netip.PrefixFrom(addr.Unmap(), prefix.Bits()-mappedBits)
	}
	return prefix.Masked(), nil
}

// Contains reports whether every address of inner is in outer. Ranges of
// different families never contain each other.
func Contains(outer, inner string) (bool, error) {
	o, i, err := parseBoth(outer, inner)
	if err != nil {
		return false, err
	}
	return within(i, o), nil
}

// Overlaps reports whether some address is in both ranges.
func Overlaps(a, b string) (bool, error) {
	p, q, err := parseBoth(a, b)
	if err != nil {
		return false, err
	}
	return p.Overlaps(q), nil
}

// IsIPv6 reports whether the range is one of IPv6 addresses.
func IsIPv6(cidr string) (bool, error) {
	p, err := Parse(cidr)
	if err != nil {
		return false, err
	}
	return p.Addr().Is6(), nil
}

func parseBoth(a, b string) (p, q netip.Prefix, err error) {
	if p, err = Parse(a); err != nil {
		return p, q, err
	}
	q, err = Parse(b)
	return p, q, err
}

func within(inner, outer netip.Prefix) bool {
	return outer.Bits() <= inner.Bits() && outer.Contains(inner.Addr())
}
