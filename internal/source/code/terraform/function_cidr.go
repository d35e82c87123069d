// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"errors"
	"math/big"
	"net"
	"net/netip"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

var (
	prefixParam = function.Parameter{Name: "prefix", Type: cty.String}

	cidrNetmaskFunc = stringToString(func(s string) (string, error) {
		p, err := parsePrefix(s)
		if err != nil {
			return "", err
		}
		if !p.Addr().Is4() {
			return "", errors.New("IPv6 has no netmasks")
		}
		return net.IP(net.CIDRMask(p.Bits(), 32)).String(), nil
	})

	cidrHostFunc = function.New(&function.Spec{
		Params: []function.Parameter{prefixParam, {Name: "hostnum", Type: cty.Number}},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			p, err := parsePrefix(args[0].AsString())
			if err != nil {
				return cty.NilVal, err
			}
			n, err := whole(args[1])
			if err != nil {
				return cty.NilVal, err
			}
			size := new(big.Int).Lsh(big.NewInt(1), uint(p.Addr().BitLen()-p.Bits()))
			if n.Sign() < 0 {
				n.Add(n, size)
			}
			if n.Sign() < 0 || n.Cmp(size) >= 0 {
				return cty.NilVal, errors.New("network has no such host")
			}
			return cty.StringVal(offset(p.Masked().Addr(), n).String()), nil
		},
	})

	cidrSubnetFunc = function.New(&function.Spec{
		Params: []function.Parameter{prefixParam, {Name: "newbits", Type: cty.Number}, {Name: "netnum", Type: cty.Number}},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			p, err := parsePrefix(args[0].AsString())
			if err != nil {
				return cty.NilVal, err
			}
			more, err := newBits(p, args[1])
			if err != nil {
				return cty.NilVal, err
			}
			n, err := whole(args[2])
			if err != nil {
				return cty.NilVal, err
			}
			if n.Sign() < 0 || n.BitLen() > more {
				return cty.NilVal, errors.New("network has no such subnet")
			}
			bits := p.Bits() + more
			n.Lsh(n, uint(p.Addr().BitLen()-bits))
			return cty.StringVal(netip.PrefixFrom(offset(p.Masked().Addr(), n), bits).String()), nil
		},
	})

	cidrSubnetsFunc = function.New(&function.Spec{
		Params:   []function.Parameter{prefixParam},
		VarParam: &function.Parameter{Name: "newbits", Type: cty.Number},
		Type:     function.StaticReturnType(cty.List(cty.String)),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			p, err := parsePrefix(args[0].AsString())
			if err != nil {
				return cty.NilVal, err
			}
			return subnets(p, args[1:])
		},
	})
)

// subnets lays subnets of the wanted sizes one behind the other.
func subnets(p netip.Prefix, sizes []cty.Value) (cty.Value, error) {
	if len(sizes) == 0 {
		return cty.ListValEmpty(cty.String), nil
	}
	width := p.Addr().BitLen()
	end := new(big.Int).Lsh(big.NewInt(1), uint(width-p.Bits()))
	next := new(big.Int)
	var list []cty.Value
	for _, size := range sizes {
		more, err := newBits(p, size)
		if err != nil {
			return cty.NilVal, err
		}
		bits := p.Bits() + more
		step := new(big.Int).Lsh(big.NewInt(1), uint(width-bits))
		// A subnet begins at a multiple of its size.
		next.Add(next, new(big.Int).Sub(step, big.NewInt(1)))
		next.Div(next, step).Mul(next, step)
		if new(big.Int).Add(next, step).Cmp(end) > 0 {
			return cty.NilVal, errors.New("network has no room for all subnets")
		}
		list = append(list, cty.StringVal(netip.PrefixFrom(offset(p.Masked().Addr(), next), bits).String()))
		next.Add(next, step)
	}
	return cty.ListVal(list), nil
}

func parsePrefix(s string) (netip.Prefix, error) {
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return p, errors.New("argument is not a network like 10.0.0.0/16")
	}
	return p, nil
}

func whole(v cty.Value) (*big.Int, error) {
	n, exact := v.AsBigFloat().Int(nil)
	if n == nil || exact != big.Exact {
		return nil, errors.New("argument is not a whole number")
	}
	return n, nil
}

func newBits(p netip.Prefix, v cty.Value) (int, error) {
	n, err := whole(v)
	if err != nil {
		return 0, err
	}
	if n.Sign() < 0 || !n.IsInt64() || n.Int64() > int64(p.Addr().BitLen()-p.Bits()) {
		return 0, errors.New("network is too small for that many new bits")
	}
	return int(n.Int64()), nil
}

// offset is the n-th address from the start.
func offset(start netip.Addr, n *big.Int) netip.Addr {
	sum := new(big.Int).Add(new(big.Int).SetBytes(start.AsSlice()), n)
	raw := sum.FillBytes(make([]byte, start.BitLen()/8))
	addr, _ := netip.AddrFromSlice(raw)
	return addr
}
