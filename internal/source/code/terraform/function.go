// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package terraform

import (
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

func pure(f function.Function) builtin    { return builtin{pure: f} }
func through(f function.Function) builtin { return builtin{through: f} }

// table lists the functions of the language.
func table() map[string]builtin {
	return map[string]builtin{
		// numbers
		"abs": pure(stdlib.AbsoluteFunc), "ceil": pure(stdlib.CeilFunc), "floor": pure(stdlib.FloorFunc),
		"log": pure(stdlib.LogFunc), "max": pure(stdlib.MaxFunc), "min": pure(stdlib.MinFunc),
		"parseint": pure(stdlib.ParseIntFunc), "pow": pure(stdlib.PowFunc), "signum": pure(stdlib.SignumFunc),
		"sum": pure(sumFunc),

		// strings
		"chomp": {pure: stdlib.ChompFunc, keeps: true}, "trimspace": {pure: stdlib.TrimSpaceFunc, keeps: true},
		"indent": {own: indent}, "replace": {pure: replaceFunc, keeps: true, check: checkReplace},
		"format": {own: format}, "formatlist": {pure: stdlib.FormatListFunc, check: checkFormat},
		"join": {own: join}, "split": pure(stdlib.SplitFunc),
		"lower": pure(stdlib.LowerFunc), "upper": pure(stdlib.UpperFunc), "title": pure(stdlib.TitleFunc),
		"regex": pure(stdlib.RegexFunc), "regexall": pure(stdlib.RegexAllFunc),
		"strrev": pure(stdlib.ReverseFunc), "substr": pure(stdlib.SubstrFunc),
		"trim": pure(stdlib.TrimFunc), "trimprefix": pure(stdlib.TrimPrefixFunc), "trimsuffix": pure(stdlib.TrimSuffixFunc),
		"startswith": pure(twoStrings(startsWith)), "endswith": pure(twoStrings(endsWith)),
		"strcontains": pure(twoStrings(contains)),

		// collections
		"alltrue": {own: allTrue}, "anytrue": {own: anyTrue},
		"chunklist": through(stdlib.ChunklistFunc), "coalesce": {own: coalesce}, "coalescelist": {own: coalesceList},
		"compact": pure(stdlib.CompactFunc), "concat": through(stdlib.ConcatFunc), "contains": pure(stdlib.ContainsFunc),
		"distinct": pure(stdlib.DistinctFunc), "element": {own: element}, "flatten": {own: flatten},
		"index": pure(indexFunc), "keys": pure(stdlib.KeysFunc), "length": {own: length},
		"list": {own: list}, "lookup": {own: lookup}, "matchkeys": pure(matchKeysFunc),
		"merge": {own: merge}, "one": {own: one}, "range": pure(stdlib.RangeFunc),
		"reverse": through(stdlib.ReverseListFunc), "setintersection": pure(stdlib.SetIntersectionFunc),
		"setproduct": {through: stdlib.SetProductFunc, check: checkProduct}, "setsubtract": pure(stdlib.SetSubtractFunc),
		"setunion": pure(stdlib.SetUnionFunc), "slice": through(stdlib.SliceFunc), "sort": pure(stdlib.SortFunc),
		"transpose": pure(transposeFunc), "values": through(stdlib.ValuesFunc), "zipmap": through(stdlib.ZipmapFunc),

		// types
		"can": {lazy: can}, "try": {lazy: try}, "issensitive": {own: isSensitive},
		"nonsensitive": {own: nonsensitive}, "sensitive": {own: sensitive}, "ephemeralasnull": {unknown: "ephemeralasnull() is known at apply"},
		"tobool": {own: toBool}, "tolist": {own: toList}, "tomap": {own: toMap}, "tonumber": {own: toNumber},
		"toset": {own: toSet}, "tostring": {own: toString}, "type": {own: typeOf}, "map": {own: legacyMap},

		// encodings
		"base64decode": pure(base64DecodeFunc), "base64encode": pure(base64EncodeFunc),
		"base64gzip": pure(base64GzipFunc), "base64gunzip": pure(base64GunzipFunc),
		"csvdecode": {pure: stdlib.CSVDecodeFunc}, "jsondecode": {own: jsonDecode}, "jsonencode": {own: jsonEncode},
		"textdecodebase64": {unknown: "textdecodebase64() is not evaluated"},
		"textencodebase64": {unknown: "textencodebase64() is not evaluated"},
		"urlencode":        pure(urlEncodeFunc), "urldecode": pure(urlDecodeFunc),
		"yamldecode": {pure: yamlDecodeFunc, decodes: true, check: checkNesting}, "yamlencode": pure(yamlEncodeFunc),

		// files
		"abspath": {own: absPath}, "basename": pure(basenameFunc), "dirname": pure(dirnameFunc),
		"file": {own: file}, "filebase64": {own: fileBase64}, "fileexists": {own: fileExists}, "fileset": {own: fileSet},
		"filebase64sha256": {own: fileHash(base64SHA256)}, "filebase64sha512": {own: fileHash(base64SHA512)},
		"filemd5": {own: fileHash(hexMD5)}, "filesha1": {own: fileHash(hexSHA1)},
		"filesha256": {own: fileHash(hexSHA256)}, "filesha512": {own: fileHash(hexSHA512)},
		"pathexpand":   {own: pathExpand},
		"templatefile": {own: templateFile}, "templatestring": {own: templateString},

		// dates
		"formatdate": pure(stdlib.FormatDateFunc), "timeadd": pure(stdlib.TimeAddFunc), "timecmp": pure(timeCmpFunc),
		"timestamp":     {unknown: "timestamp() is known at apply"},
		"plantimestamp": {unknown: "plantimestamp() is known at plan"},

		// hashes and random things
		"base64sha256": pure(hashFunc(base64SHA256)), "base64sha512": pure(hashFunc(base64SHA512)),
		"md5": pure(hashFunc(hexMD5)), "sha1": pure(hashFunc(hexSHA1)),
		"sha256": pure(hashFunc(hexSHA256)), "sha512": pure(hashFunc(hexSHA512)),
		"uuidv5": pure(uuidV5Func), "uuid": {unknown: "uuid() is known at apply"},
		"bcrypt":     {unknown: "bcrypt() differs on every run"},
		"rsadecrypt": {unknown: "rsadecrypt() is not evaluated"},

		// networks
		"cidrhost": pure(cidrHostFunc), "cidrnetmask": pure(cidrNetmaskFunc),
		"cidrsubnet": pure(cidrSubnetFunc), "cidrsubnets": pure(cidrSubnetsFunc),
	}
}
