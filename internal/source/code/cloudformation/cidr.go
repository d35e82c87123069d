// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloudformation

import (
	"cmp"
	"math/big"
	"net/netip"
	"strconv"
)

// maxBlocks is how many blocks Fn::Cidr gives at most.
const maxBlocks = 256

// cidr is Fn::Cidr: the first blocks of that size in a range. The size is given
// as the number of host bits.
func cidr(arg *value, at span) *value {
	args, wrong := arguments(arg, at, 2, 3)
	if wrong != nil {
		return wrong
	}
	var texts [3]string
	for i, a := range args {
		text, ok := a.literal()
		if !ok {
			return unknownValue(cmp.Or(a.reason(), "Fn::Cidr needs a range, a count and a number of bits"), at)
		}
		texts[i] = text
	}
	blocks := subnets(texts[0], texts[1], cmp.Or(texts[2], "8"))
	if blocks == nil {
		return unknownValue("Fn::Cidr needs a range, a count and a number of bits that fit", at)
	}
	v := &value{kind: list, at: at}
	for _, b := range blocks {
		v.elems = append(v.elems, textValue(b.String(), at))
	}
	return v
}

func subnets(within, count, hostBits string) []netip.Prefix {
	outer, err := netip.ParsePrefix(within)
	n, countErr := strconv.Atoi(count)
	bits, bitsErr := strconv.Atoi(hostBits)
	if err != nil || countErr != nil || bitsErr != nil || n < 1 || n > maxBlocks || bits < 0 {
		return nil
	}
	outer = outer.Masked()
	width := outer.Addr().BitLen()
	length := width - bits
	if length < outer.Bits() || length-outer.Bits() < 31 && n > 1<<(length-outer.Bits()) {
		return nil
	}
	next := new(big.Int).SetBytes(outer.Addr().AsSlice())
	step := new(big.Int).Lsh(big.NewInt(1), uint(bits))
	var blocks []netip.Prefix
	for range n {
		addr, _ := netip.AddrFromSlice(next.FillBytes(make([]byte, width/8)))
		blocks = append(blocks, netip.PrefixFrom(addr, length))
		next.Add(next, step)
	}
	return blocks
}
