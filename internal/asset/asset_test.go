// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package asset

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var (
	block = InCode(Location{File: "main.tf", StartLine: 4, EndLine: 9})
	call  = FromAPI("svc:DescribeThing")
)

type piece struct {
	Port  Value[int64]        `plumb:"port"`
	CIDRs List[Value[string]] `plumb:"cidrs"`
}

type thing struct {
	Name   Value[string]    `plumb:"name"`
	Size   Value[int64]     `plumb:"size"`
	Made   Value[time.Time] `plumb:"made" code:"code has no age"`
	Parts  List[piece]      `plumb:"parts"`
	Labels Map[string]      `plumb:"labels"`
	Key    Ref              `plumb:"key" target:"t.t.key"`
	Inner  inner            `plumb:"inner"`
	Users  List[Ref]        `plumb:"users" target:"t.t.user" reverse:"t.t.user.thing"`
}

type inner struct {
	On Value[bool] `plumb:"on" live:"no API says it"`
}

func TestTheZeroOfEverythingIsUnknown(t *testing.T) {
	t.Parallel()
	var x thing
	if _, known := x.Name.Get(); known || x.Name.Reason() != "not read" {
		t.Errorf("a zero value is known: %q", x.Name.Reason())
	}
	if reason, open := x.Parts.More(); !open || reason != "not read" || x.Parts.IsComplete() {
		t.Errorf("a zero list is complete")
	}
	if reason, open := x.Labels.More(); !open || reason != "not read" || x.Labels.IsComplete() {
		t.Errorf("a zero map is complete")
	}
	if target, why := x.Key.Target(); target != nil || why.Reason() != "not read" {
		t.Errorf("a zero relation has a target")
	}
}

func TestAKnownValueNeedsAPlace(t *testing.T) {
	t.Parallel()
	for name, at := range map[string]*Source{"nil": nil, "missing": call.Missing("denied")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if recover() == nil {
					t.Error("a value was known without a place where it was read")
				}
			}()
			Known("guess", at)
		})
	}
}

func TestValuesFollowTheirSource(t *testing.T) {
	t.Parallel()
	denied := call.Missing("AccessDenied on svc:DescribeThing")
	double := func(n int64) int64 { return 2 * n }
	for _, tc := range []struct {
		name   string
		got    Value[int64]
		want   int64
		state  State
		reason string
	}{
		{"known", Known(int64(2), call), 2, Read, ""},
		{"default", Default(int64(2), block), 2, Defaulted, ""},
		{"default at no place", Default(int64(2), nil), 2, Defaulted, ""},
		{"unknown", Unknown[int64]("denied", call), 0, Unread, "denied"},
		{"at a source that was read", At(call, func() int64 { return 3 }), 3, Read, ""},
		{"at a source that was not", At(denied, func() int64 { panic("asked") }), 0, Unread, denied.Reason()},
		{"converted", Convert(Default(int64(2), block), double), 4, Defaulted, ""},
		{"converted unknown", Convert(Missing[int64](denied), double), 0, Unread, denied.Reason()},
		{"then unknown", Then(Known(int64(2), call), func(int64, *Source) Value[int64] { return Missing[int64](denied) }), 0, Unread, denied.Reason()},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if v, _ := tc.got.Get(); v != tc.want || tc.got.Source().State() != tc.state || tc.got.Reason() != tc.reason {
				t.Errorf("got %d, state %d, reason %q", v, tc.got.Source().State(), tc.got.Reason())
			}
		})
	}
	if at := Default(true, block).Source(); at.Location != block.Location {
		t.Errorf("a default forgot where the silence was: %v", at.Location)
	}
}

func TestAppendDoesNotChangeTheOriginal(t *testing.T) {
	t.Parallel()
	first := ListOf(Strings([]string{"a"}, call), call)
	x := first.Append(Known("x", call))
	y := first.Append(Known("y", call))
	if got := x.Elems()[1].Or("") + y.Elems()[1].Or(""); got != "xy" {
		t.Errorf("two appends share memory: %s", got)
	}
}

func sample() *thing {
	return &thing{
		Name: Known("web", block), Size: Default(int64(8), block), Made: Unknown[time.Time]("not stated", call),
		Parts: OpenList([]piece{
			{Known(int64(22), block), ListOf(Strings([]string{"0.0.0.0/0"}, block), block)},
			{Unknown[int64]("var.port has no value", block), UnknownList[Value[string]]("var.cidrs has no value", block)},
		}, "dynamic over unknown", block),
		Labels: OpenMap(map[string]Value[string]{"$odd": Known("1", call), "owner": Unknown[string]("computed", block)}, "merged", call),
		Key:    RefTo("arn:key", call),
		Inner:  inner{Default(true, nil)},
	}
}

func TestDecodeUndoesEncode(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]*thing{
		"all kinds of fields": sample(),
		"nothing known": {
			Name: Unknown[string]("a", nil), Parts: UnknownList[piece]("b", call), Labels: UnknownMap[string]("c", block), Key: UnknownRef("d", block),
		},
		"complete and empty": {Parts: ListOf([]piece(nil), call), Labels: MapOf(map[string]Value[string]{}, call), Key: NoRef(block)},
		"defaults":           {Parts: DefaultList([]piece(nil), block), Labels: DefaultMap(map[string]Value[string]{"a": Known("b", call)}, nil)},
		"nothing set":        {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			encoded, err := Encode(want)
			if err != nil {
				t.Fatal(err)
			}
			line, err := json.Marshal(encoded)
			if err != nil {
				t.Fatal(err)
			}
			var again Encoded
			if err := json.Unmarshal(line, &again); err != nil {
				t.Fatal(err)
			}
			var got thing
			if err := Decode(&got, again); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(outline(want), outline(&got)); diff != "" {
				t.Errorf("from %s (-want +got):\n%s", line, diff)
			}
		})
	}
}

// outline is a config as paths with all that is known of each.
func outline(config any) map[string]string {
	lines := map[string]string{}
	Walk(config, func(path string, f Field) {
		s := f.Source()
		line := s.Location.String() + " " + s.Operation + " " + s.Reason() + " " + string('0'+rune(s.State()))
		switch f := f.(type) {
		case Scalar:
			v, _ := f.Any()
			raw, _ := json.Marshal(v)
			line += " " + string(raw)
		case Sequence:
			if open := f.Open(); open != nil {
				line += " and more: " + open.Reason()
			}
		case Mapping:
			for _, k := range f.Keys() {
				v, _ := f.Lookup(k)
				x, _ := v.Any()
				raw, _ := json.Marshal(x)
				line += " " + k + "=" + string(raw) + v.Source().Reason()
			}
			if open := f.Open(); open != nil {
				line += " and more: " + open.Reason()
			}
		case *Ref:
			line += " " + f.Key()
		}
		lines[path] = line
	})
	return lines
}

func TestDecodeNamesTheFieldThatIsWrong(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ config, want string }{
		{`{"nam": "web"}`, `unknown field "nam"`},
		{`{"name": 3}`, "name: 3 is not a string"},
		{`{"parts": {}}`, "parts: want a list"},
		{`{"parts": [{"ports": 1}]}`, `unknown field "parts[0].ports"`},
		{`{"labels": []}`, "labels: want a map"},
		{`{"key": 1}`, "key: want a key"},
		{`[]`, "want an object"},
	} {
		t.Run(tc.config, func(t *testing.T) {
			t.Parallel()
			err := Decode(new(thing), Encoded{Config: json.RawMessage(tc.config)})
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

func TestCompleteGivesDeclaredReasons(t *testing.T) {
	t.Parallel()
	var inCode, live thing
	Complete(&inCode, Code)
	Complete(&live, Live)
	if got := inCode.Made.Reason(); got != "code has no age" {
		t.Errorf("made: %q", got)
	}
	if got := live.Inner.On.Reason(); got != "no API says it" {
		t.Errorf("inner.on: %q", got)
	}
	if diff := cmp.Diff([]string{"name", "size", "parts", "labels", "key", "inner.on"}, Unset(&inCode)); diff != "" {
		t.Errorf("unset (-want +got):\n%s", diff)
	}
}

func TestTextKeepsItsShapeAroundHoles(t *testing.T) {
	t.Parallel()
	text := NewText("a "+HoleMark(1)+" b "+HoleMark(0)+HoleMark(7), Hole{Reason: "var.x has no value"}, Hole{Reason: "computed", Computed: "aws_x.y.arn"})
	var shape []string
	for _, p := range text.Parts() {
		if p.Hole != nil {
			shape = append(shape, "<"+p.Hole.Reason+">")
		} else {
			shape = append(shape, p.Literal)
		}
	}
	if diff := cmp.Diff([]string{"a ", "<computed>", " b ", "<var.x has no value>", "<not read>"}, shape); diff != "" {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
	if v := text.Value(block); v.IsKnown() || v.Reason() != "computed; var.x has no value; not read" {
		t.Errorf("as a string it is %q, known %v", v.Reason(), v.IsKnown())
	}
	if v, known := text.Cut("a ").Value(block).Get(); !known || v != "a " {
		t.Errorf("a part without holes is not known")
	}
}

func FuzzDecode(f *testing.F) {
	encoded, err := Encode(sample())
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(encoded.Config))
	f.Add([]byte(`{"parts": {"$list": [{}], "$more": "x"}, "labels": {"$map": {}}}`))
	f.Fuzz(func(t *testing.T, config []byte) {
		var x thing
		if Decode(&x, Encoded{Config: config}) != nil {
			return
		}
		// What was read can be written, and read again as the same.
		again, err := Encode(&x)
		if err != nil {
			t.Fatal(err)
		}
		var y thing
		if err := Decode(&y, again); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(outline(&x), outline(&y)); diff != "" {
			t.Error(diff)
		}
	})
}
