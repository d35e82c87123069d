// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// The types of principals.
const (
	typeAWS       = "AWS"
	typeService   = "Service"
	typeFederated = "Federated"
	typeCanonical = "CanonicalUser"
)

var principalTypes = []string{typeAWS, typeService, typeFederated, typeCanonical}

func (b builder) principals(fields map[string]node, name, more string) (asset.List[Principal], error) {
	n, ok := fields[name]
	if !ok {
		return absent[Principal](b, more), nil
	}
	var all []Principal
	more = ""
	add := func(typ asset.Text, n node) error {
		found, open, err := leaves(n, name, false)
		for _, id := range found {
			all = append(all, b.principal(typ, id))
		}
		if open != "" {
			more = open
		}
		return err
	}
	var err error
	switch n.kind {
	case aHole:
		more = n.text.Reason()
	case anObject:
		if n.more != "" {
			more = n.more
		}
		for _, m := range n.members {
			typ := m.key
			if typ.IsKnown() {
				i := slices.IndexFunc(principalTypes, func(t string) bool { return strings.EqualFold(t, m.key.Marked()) })
				if i < 0 {
					return asset.List[Principal]{}, fmt.Errorf("its %s has an unknown type %s", name, quote(m.key))
				}
				typ = asset.NewText(principalTypes[i])
			}
			if err = add(typ, m.value); err != nil {
				break
			}
		}
	default: // "*", and the ARNs that AWS still takes without a type
		err = add(asset.NewText(typeAWS), n)
	}
	if err == nil && len(all) == 0 && more == "" && name == "NotPrincipal" {
		err = errors.New("its NotPrincipal is empty")
	}
	if err != nil {
		return asset.List[Principal]{}, err
	}
	return list(b, all, more), nil
}

func (b builder) principal(typ, id asset.Text) Principal {
	p := Principal{Type: typ.Value(b.at), ID: id.Value(b.at)}
	if !typ.IsKnown() {
		p.rawType = typ
	}
	if !id.IsKnown() {
		p.rawID = id
	}
	return p
}

func (b builder) conditions(fields map[string]node, more string) (asset.List[Condition], error) {
	n, ok := fields["Condition"]
	switch {
	case !ok:
		return absent[Condition](b, more), nil
	case n.kind == aHole:
		return asset.UnknownList[Condition](n.text.Reason(), b.at), nil
	case n.kind != anObject:
		return asset.List[Condition]{}, errors.New("its Condition is not an object")
	}
	more = n.more
	var all []Condition
	for _, operator := range n.members {
		switch operator.value.kind {
		case aHole:
			more = operator.value.text.Reason()
			continue
		case anObject:
		default:
			return asset.List[Condition]{}, fmt.Errorf("its condition %s is not an object", quote(operator.key))
		}
		if operator.value.more != "" {
			more = operator.value.more
		}
		for _, key := range operator.value.members {
			found, open, err := leaves(key.value, "condition on "+shown(key.key.Marked()), true)
			if err != nil {
				return asset.List[Condition]{}, err
			}
			all = append(all, b.condition(operator.key, key.key, found, open))
		}
	}
	return list(b, all, more), nil
}

func (b builder) condition(operator, key asset.Text, found []asset.Text, more string) Condition {
	c := Condition{Operator: operator.Value(b.at), Key: key.Value(b.at)}
	elems, raw := b.values(found)
	c.Values, c.rawValues = list(b, elems, more), raw
	if !operator.IsKnown() {
		c.rawOperator = operator
	}
	if !key.IsKnown() {
		c.rawKey = key
	}
	return c
}
