// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"bytes"
	"compress/gzip"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	ctyyaml "github.com/zclconf/go-cty-yaml"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// text makes a function from strings to something.
func text(n int, result cty.Type, impl func(args []string) (cty.Value, error)) function.Function {
	params := make([]function.Parameter, n)
	for i := range params {
		params[i] = function.Parameter{Name: fmt.Sprintf("arg%d", i), Type: cty.String}
	}
	return function.New(&function.Spec{
		Params: params, Type: function.StaticReturnType(result),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			texts := make([]string, len(args))
			for i, v := range args {
				texts[i] = v.AsString()
			}
			return impl(texts)
		},
	})
}

func stringToString(f func(string) (string, error)) function.Function {
	return text(1, cty.String, func(args []string) (cty.Value, error) {
		s, err := f(args[0])
		if err != nil {
			return cty.NilVal, err
		}
		return cty.StringVal(s), nil
	})
}

func twoStrings(f func(a, b string) bool) function.Function {
	return text(2, cty.Bool, func(args []string) (cty.Value, error) { return cty.BoolVal(f(args[0], args[1])), nil })
}

func startsWith(s, prefix string) bool { return strings.HasPrefix(s, prefix) }
func endsWith(s, suffix string) bool   { return strings.HasSuffix(s, suffix) }
func contains(s, part string) bool     { return strings.Contains(s, part) }

var (
	base64EncodeFunc = stringToString(func(s string) (string, error) {
		return base64.StdEncoding.EncodeToString([]byte(s)), nil
	})
	base64DecodeFunc = stringToString(func(s string) (string, error) {
		raw, err := base64.StdEncoding.DecodeString(s)
		if err != nil || !utf8.Valid(raw) {
			return "", errors.New("text is not base64 of UTF-8 text")
		}
		return string(raw), nil
	})
	base64GzipFunc = stringToString(func(s string) (string, error) {
		var out bytes.Buffer
		w := gzip.NewWriter(&out)
		if _, err := io.WriteString(w, s); err != nil {
			return "", err
		}
		if err := w.Close(); err != nil {
			return "", err
		}
		return base64.StdEncoding.EncodeToString(out.Bytes()), nil
	})
	base64GunzipFunc = stringToString(func(s string) (string, error) {
		raw, err := base64.StdEncoding.DecodeString(s)
		if err != nil {
			return "", errors.New("text is not base64")
		}
		zipped, err := gzip.NewReader(bytes.NewReader(raw))
		if err != nil {
			return "", errors.New("text is not gzip")
		}
		plain, err := io.ReadAll(io.LimitReader(zipped, maxString+1))
		switch {
		case err != nil:
			return "", errors.New("text is not gzip")
		case len(plain) > maxString:
			return "", errTooLarge
		}
		return string(plain), nil
	})
	urlEncodeFunc = stringToString(func(s string) (string, error) { return url.QueryEscape(s), nil })
	urlDecodeFunc = stringToString(func(s string) (string, error) {
		plain, err := url.QueryUnescape(s)
		if err != nil {
			return "", errors.New("text is not URL encoded")
		}
		return plain, nil
	})
	basenameFunc = stringToString(func(s string) (string, error) { return filepath.Base(s), nil })
	dirnameFunc  = stringToString(func(s string) (string, error) { return filepath.Dir(s), nil })
)

func hexOf(raw []byte) string { return hex.EncodeToString(raw) }

func hexMD5(b []byte) string    { sum := md5.Sum(b); return hexOf(sum[:]) }
func hexSHA1(b []byte) string   { sum := sha1.Sum(b); return hexOf(sum[:]) }
func hexSHA256(b []byte) string { sum := sha256.Sum256(b); return hexOf(sum[:]) }
func hexSHA512(b []byte) string { sum := sha512.Sum512(b); return hexOf(sum[:]) }
func base64SHA256(b []byte) string {
	sum := sha256.Sum256(b)
	return base64.StdEncoding.EncodeToString(sum[:])
}
func base64SHA512(b []byte) string {
	sum := sha512.Sum512(b)
	return base64.StdEncoding.EncodeToString(sum[:])
}

func hashFunc(hash func([]byte) string) function.Function {
	return stringToString(func(s string) (string, error) { return hash([]byte(s)), nil })
}

// uuidV5Func is the name-based UUID of RFC 9562.
var uuidV5Func = text(2, cty.String, func(args []string) (cty.Value, error) {
	spaces := map[string]string{
		"dns": "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "url": "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
		"oid": "6ba7b812-9dad-11d1-80b4-00c04fd430c8", "x500": "6ba7b814-9dad-11d1-80b4-00c04fd430c8",
	}
	space := args[0]
	if known, ok := spaces[space]; ok {
		space = known
	}
	raw, err := hex.DecodeString(strings.ReplaceAll(space, "-", ""))
	if err != nil || len(raw) != 16 {
		return cty.NilVal, errors.New("name space is not a UUID")
	}
	sum := sha1.Sum(append(raw, args[1]...))
	id := sum[:16]
	id[6] = id[6]&0x0f | 0x50
	id[8] = id[8]&0x3f | 0x80
	return cty.StringVal(fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])), nil
})

var timeCmpFunc = text(2, cty.Number, func(args []string) (cty.Value, error) {
	a, errA := time.Parse(time.RFC3339, args[0])
	b, errB := time.Parse(time.RFC3339, args[1])
	if errA != nil || errB != nil {
		return cty.NilVal, errors.New("argument is not an RFC 3339 time")
	}
	return cty.NumberIntVal(int64(a.Compare(b))), nil
})

// replaceFunc replaces text, or what matches a /pattern/.
var replaceFunc = text(3, cty.String, func(args []string) (cty.Value, error) {
	s, old, with := args[0], args[1], args[2]
	if len(old) > 1 && strings.HasPrefix(old, "/") && strings.HasSuffix(old, "/") {
		pattern, err := regexp.Compile(old[1 : len(old)-1])
		if err != nil {
			return cty.NilVal, errors.New("pattern is not valid")
		}
		return cty.StringVal(pattern.ReplaceAllString(s, with)), nil
	}
	return cty.StringVal(strings.ReplaceAll(s, old, with)), nil
})

func checkReplace(args []cty.Value) error {
	for _, v := range args {
		if !v.IsKnown() || v.IsNull() {
			return nil
		}
	}
	s, with := args[0].AsString(), args[2].AsString()
	if (len(s)+1)*(len(with)+1) > maxString && strings.Count(s, args[1].AsString())*len(with) > maxString {
		return errTooLarge
	}
	if strings.HasPrefix(args[1].AsString(), "/") && (len(s)+1)*len(with) > maxString*16 {
		return errTooLarge
	}
	return nil
}

// collection makes a function of values of any type.
func collection(n int, result function.TypeFunc, impl function.ImplFunc) function.Function {
	params := make([]function.Parameter, n)
	for i := range params {
		params[i] = function.Parameter{Name: fmt.Sprintf("arg%d", i), Type: cty.DynamicPseudoType}
	}
	return function.New(&function.Spec{Params: params, Type: result, Impl: impl})
}

func anyType([]cty.Value) (cty.Type, error) { return cty.DynamicPseudoType, nil }

var sumFunc = collection(1, function.StaticReturnType(cty.Number), func(args []cty.Value, _ cty.Type) (cty.Value, error) {
	if !args[0].CanIterateElements() || args[0].LengthInt() == 0 {
		return cty.NilVal, errors.New("argument is not a list with elements")
	}
	total := cty.Zero
	for it := args[0].ElementIterator(); it.Next(); {
		_, v := it.Element()
		if v.IsNull() {
			return cty.NilVal, errors.New("list has a null in it")
		}
		n, err := convert.Convert(v, cty.Number)
		if err != nil {
			return cty.NilVal, err
		}
		if total, err = stdlib.Add(total, n); err != nil {
			return cty.NilVal, err
		}
	}
	return total, nil
})

// indexFunc is the place of a value in a list.
var indexFunc = collection(2, function.StaticReturnType(cty.Number), func(args []cty.Value, _ cty.Type) (cty.Value, error) {
	if !args[0].CanIterateElements() || args[0].Type().IsMapType() || args[0].Type().IsObjectType() {
		return cty.NilVal, errors.New("first argument is not a list")
	}
	for it := args[0].ElementIterator(); it.Next(); {
		key, v := it.Element()
		same, err := stdlib.Equal(v, args[1])
		if err != nil {
			return cty.NilVal, err
		}
		if !same.IsKnown() {
			return cty.UnknownVal(cty.Number), nil
		}
		if same.True() {
			return key, nil
		}
	}
	return cty.NilVal, errors.New("list has no such value")
})

// matchKeysFunc keeps the values whose key is among those searched for.
var matchKeysFunc = collection(3, anyType, func(args []cty.Value, _ cty.Type) (cty.Value, error) {
	for _, v := range args {
		if !v.CanIterateElements() {
			return cty.NilVal, errors.New("argument is not a list")
		}
		if !v.IsWhollyKnown() {
			return cty.DynamicVal, nil
		}
	}
	values, keys, wanted := args[0].AsValueSlice(), args[1].AsValueSlice(), args[2].AsValueSlice()
	if len(values) != len(keys) {
		return cty.NilVal, errors.New("values and keys differ in number")
	}
	var kept []cty.Value
	for i, key := range keys {
		if slices.ContainsFunc(wanted, func(w cty.Value) bool {
			same, err := stdlib.Equal(key, w)
			return err == nil && same.True()
		}) {
			kept = append(kept, values[i])
		}
	}
	return cty.TupleVal(kept), nil
})

// transposeFunc turns a map of lists of strings around.
var transposeFunc = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "values", Type: cty.Map(cty.List(cty.String))}},
	Type:   function.StaticReturnType(cty.Map(cty.List(cty.String))),
	Impl: func(args []cty.Value, ty cty.Type) (cty.Value, error) {
		if !args[0].IsWhollyKnown() {
			return cty.UnknownVal(ty), nil
		}
		turned := map[string][]cty.Value{}
		for it := args[0].ElementIterator(); it.Next(); {
			key, list := it.Element()
			if list.IsNull() {
				continue
			}
			for in := list.ElementIterator(); in.Next(); {
				_, v := in.Element()
				if v.IsNull() {
					return cty.NilVal, errors.New("list has a null in it")
				}
				turned[v.AsString()] = append(turned[v.AsString()], key)
			}
		}
		if len(turned) == 0 {
			return cty.MapValEmpty(cty.List(cty.String)), nil
		}
		result := map[string]cty.Value{}
		for key, list := range turned {
			result[key] = cty.ListVal(list)
		}
		return cty.MapVal(result), nil
	},
})

var (
	yamlDecodeFunc = ctyyaml.YAMLDecodeFunc
	yamlEncodeFunc = ctyyaml.YAMLEncodeFunc
)
