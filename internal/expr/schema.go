// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/plumb-cspm/plumb/internal/asset"
)

// schema is what expressions may ask of one struct type.
type schema struct {
	name   string // CEL's name for the type: an asset type, or package.Struct
	cel    *types.Type
	fields map[string]*field
}

// field is one member of a schema.
type field struct {
	name   string
	cel    *types.Type
	get    func(o *object) ref.Val
	cached *types.FieldType
	// reverse is the relation of another type that this one is the inverse of.
	reverse string
}

// schemas is the type provider that CEL checks against. It is complete before
// the first expression is compiled, and immutable from then on.
type schemas struct {
	*types.Registry
	byName map[string]*schema
	assets map[string]*schema // those of byName that are asset types
	byType map[reflect.Type]*schema
}

const accountSchema = "account"

func newSchemas(catalog *asset.Catalog) (*schemas, error) {
	registry, err := types.NewRegistry()
	if err != nil {
		return nil, err
	}
	s := &schemas{Registry: registry, byName: map[string]*schema{}, assets: map[string]*schema{}, byType: map[reflect.Type]*schema{}}
	// Names first: relations may point to a type that comes later.
	for _, t := range catalog.Types() {
		sc := &schema{name: t.Name, cel: types.NewObjectType(t.Name), fields: map[string]*field{}}
		s.byName[t.Name], s.assets[t.Name] = sc, sc
	}
	account := &schema{name: accountSchema, cel: types.NewObjectType(accountSchema), fields: map[string]*field{}}
	s.byName[accountSchema] = account
	for _, t := range catalog.Types() {
		config := reflect.TypeOf(t.New()).Elem()
		own := s.byName[t.Name]
		s.byType[config] = own
		if err := s.addMembers(own, config); err != nil {
			return nil, fmt.Errorf("asset type %s: %w", t.Name, err)
		}
		for _, f := range envelope() {
			if _, taken := own.fields[f.name]; !taken {
				own.fields[f.name] = f
			}
		}
		if t.Singleton != asset.Many {
			account.fields[t.Service()] = factField(t, own)
		}
	}
	for _, sc := range s.byName {
		for _, f := range sc.fields {
			f.cached = &types.FieldType{Type: f.cel, IsSet: func(any) bool { return true }, GetFrom: f.getFrom}
		}
	}
	return s, nil
}

// getFrom reads the field of an object. An unknown object has unknown fields.
func (f *field) getFrom(target any) (any, error) {
	switch o := target.(type) {
	case *object:
		return f.get(o), nil
	case *types.Unknown:
		return o, nil
	}
	return nil, fmt.Errorf("field %s of a %T", f.name, target)
}

func (s *schemas) addMembers(to *schema, t reflect.Type) error {
	for _, m := range asset.Members(t) {
		f, err := s.member(m)
		if err != nil {
			return fmt.Errorf("field %s: %w", m.Name, err)
		}
		to.fields[m.Name] = f
	}
	return nil
}

var (
	scalarType   = reflect.TypeFor[asset.Scalar]()
	sequenceType = reflect.TypeFor[asset.Sequence]()
	mappingType  = reflect.TypeFor[asset.Mapping]()
	refType      = reflect.TypeFor[asset.Ref]()
	timeType     = reflect.TypeFor[time.Time]()
)

func (s *schemas) member(m asset.Member) (*field, error) {
	f := &field{name: m.Name, reverse: m.Reverse}
	i, name := m.Index(), m.Name
	ptr := reflect.PointerTo(m.Type)
	celType, err := s.typeOf(m.Type, m.Target)
	if err != nil {
		return nil, err
	}
	f.cel = celType
	switch {
	case m.Type == refType:
		f.get = func(o *object) ref.Val {
			return o.frame.follow(o.at(i).(*asset.Ref), o.path.field(name))
		}
	case ptr.Implements(scalarType):
		f.get = func(o *object) ref.Val { return o.frame.scalar(o.at(i).(asset.Scalar), o.path, name) }
	case ptr.Implements(sequenceType):
		f.get = func(o *object) ref.Val { return o.frame.list(o.at(i).(asset.Sequence), o.path.field(name)) }
	case ptr.Implements(mappingType):
		f.get = func(o *object) ref.Val { return o.frame.mapping(o.at(i).(asset.Mapping), o.path.field(name)) }
	default:
		sc := s.byType[m.Type]
		f.get = func(o *object) ref.Val {
			return &object{frame: o.frame, path: o.path.field(name), schema: sc, v: o.v.Field(i)}
		}
	}
	return f, nil
}

// typeOf is the CEL type of a member. Structs that it meets become schemas.
func (s *schemas) typeOf(t reflect.Type, target string) (*types.Type, error) {
	ptr := reflect.PointerTo(t)
	switch {
	case t == timeType:
		return types.TimestampType, nil
	case t == refType:
		if sc, ok := s.byName[target]; ok {
			return sc.cel, nil
		}
		return nil, fmt.Errorf("target %q is not an asset type", target)
	case ptr.Implements(scalarType):
		return s.typeOf(t.Field(0).Type, target)
	case ptr.Implements(sequenceType):
		elem, err := s.typeOf(t.Field(0).Type.Elem(), target)
		if err != nil {
			return nil, err
		}
		return types.NewListType(elem), nil
	case ptr.Implements(mappingType):
		elem, err := s.typeOf(t.Field(0).Type.Elem(), target)
		if err != nil {
			return nil, err
		}
		return types.NewMapType(types.StringType, elem), nil
	}
	switch t.Kind() {
	case reflect.String:
		return types.StringType, nil
	case reflect.Bool:
		return types.BoolType, nil
	case reflect.Int64:
		return types.IntType, nil
	case reflect.Float64:
		return types.DoubleType, nil
	case reflect.Struct:
		return s.structType(t)
	}
	return nil, fmt.Errorf("type %s cannot be asked in an expression", t)
}

func (s *schemas) structType(t reflect.Type) (*types.Type, error) {
	if sc, ok := s.byType[t]; ok {
		return sc.cel, nil
	}
	name := t.String() // package.Struct
	if _, taken := s.byName[name]; taken {
		return nil, fmt.Errorf("two struct types are called %s", name)
	}
	sc := &schema{name: name, cel: types.NewObjectType(name), fields: map[string]*field{}}
	s.byName[name], s.byType[t] = sc, sc
	return sc.cel, s.addMembers(sc, t)
}

// envelope are the fields that every asset has beside its config. A config
// field of the same name hides them.
func envelope() []*field {
	text := func(name, missing string, get func(*asset.Asset) string) *field {
		return &field{name: name, cel: types.StringType, get: func(o *object) ref.Val {
			if v := get(o.asset); v != "" || missing == "" {
				return types.String(v)
			}
			return o.frame.unknown(o.path, name, o.asset.Tags.Source().Missing(missing))
		}}
	}
	return []*field{
		text("id", "", func(a *asset.Asset) string { return a.ID }),
		text("name", "the name is not known", func(a *asset.Asset) string { return a.Name }),
		text("address", "", func(a *asset.Asset) string { return a.Address }),
		text("account", "the account is not known", func(a *asset.Asset) string { return a.Scope.Account }),
		text("region", "the region is not known", func(a *asset.Asset) string { return a.Scope.Region }),
		{name: "tags", cel: types.NewMapType(types.StringType, types.StringType), get: func(o *object) ref.Val {
			return o.frame.mapping(&o.asset.Tags, o.path.field("tags"))
		}},
	}
}

// factField makes a singleton type reachable as account.<service>.
func factField(t asset.Type, sc *schema) *field {
	return &field{name: t.Service(), cel: sc.cel, get: func(o *object) ref.Val {
		if fact := o.frame.fact(t.Name); fact != nil {
			return o.frame.asset(fact, o.path.field(t.Service()))
		}
		return o.frame.unknown(o.path, t.Service(), o.asset.Tags.Source().Missing("not read: "+t.Name))
	}}
}

// FindStructType implements CEL's type provider.
func (s *schemas) FindStructType(name string) (*types.Type, bool) {
	if sc, ok := s.byName[name]; ok {
		return types.NewTypeTypeWithParam(sc.cel), true
	}
	return s.Registry.FindStructType(name)
}

// FindStructFieldNames implements CEL's type provider.
func (s *schemas) FindStructFieldNames(name string) ([]string, bool) {
	sc, ok := s.byName[name]
	if !ok {
		return s.Registry.FindStructFieldNames(name)
	}
	return sc.names(), true
}

func (sc *schema) names() []string {
	names := make([]string, 0, len(sc.fields))
	for n := range sc.fields {
		names = append(names, n)
	}
	slices.SortFunc(names, strings.Compare)
	return names
}

// FindStructFieldType implements CEL's type provider.
func (s *schemas) FindStructFieldType(name, fieldName string) (*types.FieldType, bool) {
	sc, ok := s.byName[name]
	if !ok {
		return s.Registry.FindStructFieldType(name, fieldName)
	}
	f, ok := sc.fields[fieldName]
	if !ok {
		return nil, false
	}
	return f.cached, true
}
