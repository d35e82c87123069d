// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package netrange

import "net/netip"

// A range with a prefix shorter than these is the internet at large: the
// widths from which Amazon S3 calls a policy that is limited to a source range
// public all the same.
const (
	widestIPv4 = 8
	widestIPv6 = 32
)

// IPv6 allocates global addresses from one block only.
var (
	everyIPv4 = netip.MustParsePrefix("0.0.0.0/0")
	everyIPv6 = netip.MustParsePrefix("2000::/3")
)

// reserved are the ranges that IANA's special-purpose registries call not
// globally reachable, multicast, and for IPv6 all that lies outside everyIPv6.
var reserved = parseAll(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
	"192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
	"224.0.0.0/4", "240.0.0.0/4",
	"::/3", "4000::/2", "8000::/1",
	"2001:2::/48", "2001:10::/28", "2001:db8::/32", "3fff::/20",
)

// private are the ranges that organisations use inside: RFC 1918 and the
// unique local addresses of IPv6.
var private = parseAll("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")

func parseAll(cidrs ...string) []netip.Prefix {
	prefixes := make([]netip.Prefix, len(cidrs))
	for i, c := range cidrs {
		prefixes[i] = netip.MustParsePrefix(c)
	}
	return prefixes
}

// IsPrivate reports whether the whole range is private: RFC 1918 or IPv6
// unique local addresses.
func IsPrivate(cidr string) (bool, error) {
	p, err := Parse(cidr)
	if err != nil {
		return false, err
	}
	for _, r := range private {
		if within(p, r) {
			return true, nil
		}
	}
	return false, nil
}

// IsPublic reports whether the range has an address that is reachable on the
// internet. A single office address is public; a range that is all private,
// loopback, link-local, documentation or otherwise reserved is not.
func IsPublic(cidr string) (bool, error) {
	p, err := Parse(cidr)
	if err != nil {
		return false, err
	}
	return isPublic(p), nil
}

// IsInternet reports whether the range is the internet at large: it has public
// addresses and its prefix is shorter than /8 for IPv4 or /32 for IPv6. So
// 0.0.0.0/0, 0.0.0.0/1 and ::/0 are, 8.0.0.0/8 and 10.0.0.0/8 are not.
func IsInternet(cidr string) (bool, error) {
	p, err := Parse(cidr)
	if err != nil {
		return false, err
	}
	return isInternet(p), nil
}

func isPublic(p netip.Prefix) bool { return !covered(p, reserved) }

func isInternet(p netip.Prefix) bool {
	widest := widestIPv4
	if p.Addr().Is6() {
		widest = widestIPv6
	}
	return p.Bits() < widest && isPublic(p)
}

// CoversInternet reports whether the ranges admit everyone: one of them is the
// internet at large ([IsInternet]), or together they hold every public address
// of IPv4 or of IPv6, like 0.0.0.0/1 with 128.0.0.0/1. A text that is no range
// is an error unless the others admit everyone already.
func CoversInternet(cidrs []string) (bool, error) {
	var firstErr error
	union := make([]netip.Prefix, 0, len(cidrs)+len(reserved))
	for _, c := range cidrs {
		p, err := Parse(c)
		switch {
		case err != nil && firstErr == nil:
			firstErr = err
		case err == nil && isInternet(p):
			return true, nil
		case err == nil:
			union = append(union, p)
		}
	}
	if len(union) > 0 {
		union = append(union, reserved...)
		if covered(everyIPv4, union) || covered(everyIPv6, union) {
			return true, nil
		}
	}
	return false, firstErr
}

// covered reports whether every address of p is in one of the ranges.
func covered(p netip.Prefix, ranges []netip.Prefix) bool {
	var inside []netip.Prefix
	for _, r := range ranges {
		if within(p, r) {
			return true
		}
		if within(r, p) {
			inside = append(inside, r)
		}
	}
	if len(inside) == 0 {
		return false
	}
	low, high := halves(p)
	return covered(low, inside) && covered(high, inside)
}

// halves splits a range in two. A range of one address is never split: what is
// inside it contains it.
func halves(p netip.Prefix) (low, high netip.Prefix) {
	bits := p.Bits() + 1
	low = netip.PrefixFrom(p.Addr(), bits)
	upper := p.Addr().AsSlice()
	upper[p.Bits()/8] |= 0x80 >> (p.Bits() % 8)
	addr, _ := netip.AddrFromSlice(upper)
	return low, netip.PrefixFrom(addr, bits)
}
