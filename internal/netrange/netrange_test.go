// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package netrange

import (
	"net/netip"
	"slices"
	"testing"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, want string }{
		{"canonical IPv4", "10.0.0.0/8", "10.0.0.0/8"},
		{"host bits", "10.0.0.5/8", "10.0.0.0/8"},
		{"plain IPv4", "192.0.2.1", "192.0.2.1/32"},
		{"plain IPv6", "2600::1", "2600::1/128"},
		{"host bits of IPv6", "2600::1/16", "2600::/16"},
		{"mapped address", "::ffff:10.1.2.3", "10.1.2.3/32"},
		{"mapped range", "::ffff:10.1.2.3/104", "10.0.0.0/8"},
		{"all of IPv4, mapped", "::ffff:0.0.0.0/96", "0.0.0.0/0"},
		{"wider than the mapped block", "::ffff:0.0.0.0/64", "::/64"},
		{"empty", "", ""},
		{"name", "localhost", ""},
		{"zone", "fe80::1%eth0", ""},
		{"zone and prefix", "fe80::1%eth0/64", ""},
		{"prefix too long", "10.0.0.0/33", ""},
		{"negative prefix", "10.0.0.0/-1", ""},
		{"leading zero", "010.0.0.0/8", ""},
		{"space", "10.0.0.0/8 ", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := Parse(tt.in)
			if tt.want == "" {
				if err == nil {
					t.Fatalf("Parse(%q) = %v, want an error", tt.in, got)
				}
				return
			}
			if err != nil || got.String() != tt.want {
				t.Fatalf("Parse(%q) = %v, %v, want %s", tt.in, got, err, tt.want)
			}
		})
	}
}

func TestTwoRanges(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		a, b               string
		contains, overlaps bool
	}{
		{"10.0.0.0/8", "10.2.0.0/16", true, true},
		{"10.2.0.0/16", "10.0.0.0/8", false, true},
		{"10.0.0.0/8", "10.0.0.0/8", true, true},
		{"10.0.0.0/8", "11.0.0.0/8", false, false},
		{"0.0.0.0/0", "::/0", false, false},
		{"0.0.0.0/0", "::ffff:1.2.3.4", true, true},
		{"::/0", "2001:db8::1", true, true},
		{"10.0.0.9/24", "10.0.0.200", true, true},
	} {
		if got, err := Contains(tt.a, tt.b); err != nil || got != tt.contains {
			t.Errorf("Contains(%s, %s) = %v, %v", tt.a, tt.b, got, err)
		}
		if got, err := Overlaps(tt.a, tt.b); err != nil || got != tt.overlaps {
			t.Errorf("Overlaps(%s, %s) = %v, %v", tt.a, tt.b, got, err)
		}
	}
	for _, bad := range [][2]string{{"x", "10.0.0.0/8"}, {"10.0.0.0/8", "x"}} {
		if _, err := Contains(bad[0], bad[1]); err == nil {
			t.Errorf("Contains(%q, %q) has no error", bad[0], bad[1])
		}
		if _, err := Overlaps(bad[0], bad[1]); err == nil {
			t.Errorf("Overlaps(%q, %q) has no error", bad[0], bad[1])
		}
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		cidr                      string
		public, internet, private bool
	}{
		{"0.0.0.0/0", true, true, false},
		{"::/0", true, true, false},
		{"0.0.0.0/1", true, true, false},
		{"10.0.0.0/7", true, true, false}, // has 11.0.0.0/8
		{"10.0.0.0/8", false, false, true},
		{"8.0.0.0/8", true, false, false},
		{"8.8.8.8", true, false, false},
		{"172.16.0.0/12", false, false, true},
		{"172.16.0.0/11", true, false, false},
		{"192.168.1.1", false, false, true},
		{"100.64.0.0/10", false, false, false},
		{"127.0.0.1", false, false, false},
		{"169.254.169.254", false, false, false},
		{"198.51.100.0/24", false, false, false},
		{"224.0.0.0/3", false, false, false}, // multicast and reserved together
		{"240.0.0.0/4", false, false, false},
		{"fc00::/7", false, false, true},
		{"fd12::/48", false, false, true},
		{"fe80::/10", false, false, false},
		{"::1", false, false, false},
		{"2001:db8::/32", false, false, false},
		{"2000::/3", true, true, false},
		{"2600::/31", true, true, false},
		{"2600::/32", true, false, false},
		{"2600:1f00::/24", true, true, false},
		{"::ffff:8.8.8.8", true, false, false},
		{"::ffff:192.168.0.0/112", false, false, true},
	} {
		if got, err := IsPublic(tt.cidr); err != nil || got != tt.public {
			t.Errorf("IsPublic(%s) = %v, %v", tt.cidr, got, err)
		}
		if got, err := IsInternet(tt.cidr); err != nil || got != tt.internet {
			t.Errorf("IsInternet(%s) = %v, %v", tt.cidr, got, err)
		}
		if got, err := IsPrivate(tt.cidr); err != nil || got != tt.private {
			t.Errorf("IsPrivate(%s) = %v, %v", tt.cidr, got, err)
		}
	}
	for name, f := range map[string]func(string) (bool, error){
		"IsPublic": IsPublic, "IsInternet": IsInternet, "IsPrivate": IsPrivate, "IsIPv6": IsIPv6,
	} {
		if _, err := f("sg-123"); err == nil {
			t.Errorf("%s of no range has no error", name)
		}
	}
	if six, err := IsIPv6("::/0"); !six || err != nil {
		t.Errorf("IsIPv6(::/0) = %v, %v", six, err)
	}
}

// allButRFC1918 is how firewalls write "everybody outside".
var allButRFC1918 = []string{
	"0.0.0.0/5", "8.0.0.0/7", "11.0.0.0/8", "12.0.0.0/6", "16.0.0.0/4", "32.0.0.0/3", "64.0.0.0/2",
	"128.0.0.0/3", "160.0.0.0/5", "168.0.0.0/6", "172.0.0.0/12", "172.32.0.0/11", "172.64.0.0/10",
	"172.128.0.0/9", "173.0.0.0/8", "174.0.0.0/7", "176.0.0.0/4", "192.0.0.0/9", "192.128.0.0/11",
	"192.160.0.0/13", "192.169.0.0/16", "192.170.0.0/15", "192.172.0.0/14", "192.176.0.0/12",
	"192.192.0.0/10", "193.0.0.0/8", "194.0.0.0/7", "196.0.0.0/6", "200.0.0.0/5", "208.0.0.0/4",
}

// slices8 is all of IPv4 in ranges of which none is the internet at large.
func slices8() []string {
	var cidrs []string
	for i := range 256 {
		cidrs = append(cidrs, netip.PrefixFrom(netip.AddrFrom4([4]byte{byte(i)}), 8).String())
	}
	return cidrs
}

func TestCoversInternet(t *testing.T) {
	t.Parallel()
	all := slices8()
	for _, tt := range []struct {
		name  string
		cidrs []string
		want  bool
		err   bool
	}{
		{"none", nil, false, false},
		{"everything", []string{"0.0.0.0/0"}, true, false},
		{"everything of IPv6", []string{"10.0.0.0/8", "::/0"}, true, false},
		{"two halves", []string{"0.0.0.0/1", "128.0.0.0/1"}, true, false},
		{"all but private", allButRFC1918, true, false},
		{"256 slices", all, true, false},
		{"256 slices but 10/8", slices.Delete(slices.Clone(all), 10, 11), true, false},
		{"256 slices but 9/8", slices.Delete(slices.Clone(all), 9, 10), false, false},
		{"private", []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"}, false, false},
		{"an office", []string{"8.8.4.0/24"}, false, false},
		{"bad text", []string{"10.0.0.0/8", "pl-1234"}, false, true},
		{"bad text beside everything", []string{"pl-1234", "::/0"}, true, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := CoversInternet(tt.cidrs)
			if got != tt.want || (err != nil) != tt.err {
				t.Fatalf("CoversInternet = %v, %v, want %v", got, err, tt.want)
			}
		})
	}
}

func TestPorts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name           string
		from, to, port int64
		want           bool
	}{
		{"exact", 22, 22, 22, true},
		{"inside", 20, 30, 22, true},
		{"below", 23, 30, 22, false},
		{"above", 20, 21, 22, false},
		{"all as -1", -1, -1, 22, true},
		{"all as 0 to 65535", 0, 65535, 22, true},
		{"open end", 1024, -1, 3389, true},
		{"open end above", 1024, -1, 22, false},
		{"reversed", 30, 20, 22, false},
		{"no such port", 0, 65535, 70000, false},
	} {
		if got := PortsOverlap(tt.from, tt.to, tt.port); got != tt.want {
			t.Errorf("%s: PortsOverlap(%d, %d, %d) = %v", tt.name, tt.from, tt.to, tt.port, got)
		}
	}
	if !PortRangesOverlap(20, 25, 25, 30) || PortRangesOverlap(20, 25, 26, 30) || !PortRangesOverlap(-1, -1, 5, 5) {
		t.Error("PortRangesOverlap is wrong at the edges")
	}
	if !PortsContain(-1, -1, 22, 80) || PortsContain(22, 80, -1, -1) || !PortsContain(1, 2, 5, 4) || PortsContain(22, 80, 21, 22) {
		t.Error("PortsContain is wrong")
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"10.0.0.0/8", "::ffff:1.2.3.4/100", "::/0", "1.2.3.4", "x/8", "fe80::1%a/64"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := Parse(s)
		if err != nil {
			return
		}
		if !p.IsValid() || p != p.Masked() || p.Addr().Is4In6() {
			t.Fatalf("Parse(%q) = %v, which is not canonical", s, p)
		}
		if again, err := Parse(p.String()); err != nil || again != p {
			t.Fatalf("Parse(%q) = %v, but its text parses as %v, %v", s, p, again, err)
		}
		if isInternet(p) && !isPublic(p) {
			t.Fatalf("%v is the internet but not public", p)
		}
		if ok, err := Contains(s, s); err != nil || !ok {
			t.Fatalf("%q does not contain itself: %v", s, err)
		}
	})
}

// FuzzCovered compares the union of ranges with every address of a small space.
func FuzzCovered(f *testing.F) {
	f.Add([]byte{0, 25, 128, 25})
	f.Add([]byte{0, 24, 3, 32})
	f.Fuzz(func(t *testing.T, data []byte) {
		var ranges []netip.Prefix
		for ; len(data) >= 2 && len(ranges) < 16; data = data[2:] {
			p := netip.PrefixFrom(netip.AddrFrom4([4]byte{8, 8, 8, data[0]}), 24+int(data[1])%9)
			ranges = append(ranges, p.Masked())
		}
		want := true
		for i := range 256 {
			addr := netip.AddrFrom4([4]byte{8, 8, 8, byte(i)})
			want = want && slices.ContainsFunc(ranges, func(p netip.Prefix) bool { return p.Contains(addr) })
		}
		if got := covered(netip.MustParsePrefix("8.8.8.0/24"), ranges); got != want {
			t.Fatalf("covered by %v = %v, want %v", ranges, got, want)
		}
	})
}

func BenchmarkContains(b *testing.B) {
	for b.Loop() {
		_, _ = Contains("10.0.0.0/8", "10.1.2.3/32")
	}
}

func BenchmarkIsInternet(b *testing.B) {
	for b.Loop() {
		_, _ = IsInternet("0.0.0.0/0")
	}
}

func BenchmarkCoversInternet(b *testing.B) {
	for b.Loop() {
		_, _ = CoversInternet(allButRFC1918)
	}
}
