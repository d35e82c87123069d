// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cloudformation

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code"
)

// Stack is one template that no other one uses, with all stacks nested in it,
// evaluated. Its methods are for one goroutine at a time.
type Stack struct {
	// File names the template; ids of its assets begin with it.
	File string

	parser *parser
	opts   Options
	ended  <-chan struct{} // the scan is over: whatever is not evaluated yet stays unknown

	top     *scope
	byType  map[string][]*Resource
	count   int
	steps   int
	asked   int
	asking  []*node // outputs of nested stacks that are being evaluated
	ledger  code.Ledger
	gaps    []string          // why resources of this stack may be missing
	lost    []lost            // what other tools make resources of
	handed  map[origin]string // what these are told about, by address, and by attribute too
	sources map[span]*asset.Source
	read    map[string]bool // files that were used
}

// lost is something that makes resources which are not in the code: a nested
// stack whose template is not there, a module. It can only configure what it is
// told about.
type lost struct {
	address, why string
	told         *value
}

// tire counts work and reports whether there was too much of it.
func (s *Stack) tire(steps int) bool {
	if s.steps > maxSteps {
		return true
	}
	if s.steps += steps; s.steps > maxSteps {
		s.cover("cloudformation", span{file: s.File}, asset.Partial, errOverwork)
		s.gaps = append(s.gaps, errOverwork)
		return true
	}
	if s.asked++; s.asked&0xfff == 0 {
		select {
		case <-s.ended:
			s.steps = maxSteps + 1
		default:
		}
	}
	return false
}

func (s *Stack) cover(part string, at span, status asset.Status, reason string) {
	s.ledger.Note(s.File, part, location(at), status, reason)
}

func location(at span) asset.Location {
	return asset.Location{File: at.file, StartLine: at.start, EndLine: at.end}
}

// source is where something is written.
func (s *Stack) source(at span) *asset.Source {
	src := s.sources[at]
	if src == nil {
		src = asset.InCode(location(at))
		s.sources[at] = src
	}
	return src
}

// id is the asset id of an address in this stack.
func (s *Stack) id(address string) string { return s.File + "//" + address }

// Resources returns the resources of these types in the template and all stacks
// nested in it, in the order in which they are written.
func (s *Stack) Resources(types ...string) []*Resource {
	if len(types) == 1 {
		return s.byType[types[0]]
	}
	var all []*Resource
	for _, typ := range types {
		all = append(all, s.byType[typ]...)
	}
	return all
}

// Implied describes the singleton of a type that no template declares: what an
// account has where nobody says otherwise. The caller sets its Config.
func (s *Stack) Implied(typ string) *asset.Asset {
	provider, _, _ := strings.Cut(typ, ".")
	return &asset.Asset{
		Type: typ, ID: s.id(typ), Address: typ, Origin: asset.Code, Root: s.File, Implied: true,
		Scope: asset.Scope{Provider: provider, Account: s.opts.Account},
	}
}

// scope is one use of a template.
type scope struct {
	stack    *Stack
	template *template
	prefix   string // of addresses: "Data/"
	missing  string // why there is no template
	nested   *Resource
	depth    int

	base               *frame
	given              map[string]*value
	openGiven          string // why further parameters may be given
	declaredParameters map[string]*node
	parameters         map[string]*value
	conditions         map[string]*node
	conditionFrames    map[string]*frame
	assuming           map[string]*frame
	mappings           map[string]*value
	outputs            map[string]*node
	byID               map[string]*Resource
	resources          []*Resource
	including          []string
	serverless         bool
	via                []asset.Location
}

func (s *Stack) newScope(t *template, given map[string]*value) *scope {
	sc := &scope{
		stack: s, template: t, given: given, declaredParameters: map[string]*node{}, parameters: map[string]*value{},
		conditions: map[string]*node{}, conditionFrames: map[string]*frame{}, assuming: map[string]*frame{},
		mappings: map[string]*value{}, outputs: map[string]*node{}, byID: map[string]*Resource{},
	}
	sc.base = &frame{scope: sc, decided: map[string]truth{}}
	return sc
}

// open reads the sections of the template and makes its resources.
func (sc *scope) open() {
	root := sc.template.root
	sc.stack.read[sc.template.path] = true
	for _, e := range entriesOf(root.get("Parameters")) {
		sc.declaredParameters[e.key] = e.value
	}
	sc.checkTransforms()
	if globals := root.get("Fn::Transform"); globals != nil {
		sc.includeSections(globals)
	}
	sc.section(sc.base, root.get("Conditions"), func(f *frame, e entry, key, _ string) {
		sc.conditions[key], sc.conditionFrames[key] = e.value, f
	})
	sc.section(sc.base, root.get("Outputs"), func(_ *frame, e entry, key, _ string) { sc.outputs[key] = e.value })
	sc.section(sc.base, root.get("Resources"), sc.resource)
	if sc.serverless {
		sc.expandServerless()
	}
}

func entriesOf(n *node) []entry {
	if n == nil {
		return nil
	}
	return n.entries
}

// checkTransforms notes macros that only a deployment can run.
func (sc *scope) checkTransforms() {
	for _, name := range sc.template.transforms {
		switch {
		case name == "AWS::Serverless-2016-10-31":
			sc.serverless = true
		case name == "AWS::LanguageExtensions", name == "AWS::Include":
		case strings.HasPrefix(name, "AWS::CodeDeployBlueGreen"), strings.HasPrefix(name, "AWS::SecretsManager-"):
			// They add resources that serve those that are written.
		default:
			why := "only a deployment can run the macro " + name
			sc.stack.cover(name, sc.template.root.get("Transform").at, asset.Unsupported, why)
			sc.stack.gaps = append(sc.stack.gaps, why)
		}
	}
}

// includeSections reads a whole template from AWS::Include at the top.
func (sc *scope) includeSections(n *node) {
	if included := sc.base.macro(n); included.kind == unknown {
		sc.stack.gaps = append(sc.stack.gaps, included.reason())
	} else {
		why := "sections of the template are included from a file"
		sc.stack.cover("AWS::Include", n.at, asset.Unsupported, why)
		sc.stack.gaps = append(sc.stack.gaps, why)
	}
}

// section visits the entries of a section, those that loops make included.
// doubt is why it is not known how many there are of the entry.
func (sc *scope) section(f *frame, n *node, visit func(f *frame, e entry, key, doubt string)) {
	sc.entries(f, n, "", visit)
}

func (sc *scope) entries(f *frame, n *node, doubt string, visit func(*frame, entry, string, string)) {
	for _, e := range entriesOf(n) {
		switch {
		case e.key == "Fn::Transform":
			included := f.macro(e.value)
			why := cmp.Or(included.reason(), "a part of the template is included from a file")
			sc.stack.cover("AWS::Include", e.value.at, asset.Unsupported, why)
			sc.stack.gaps = append(sc.stack.gaps, why)
		case strings.HasPrefix(e.key, forEach):
			sc.repeated(f, e, doubt, visit)
		default:
			key := f.fill(e.key)
			if f.inLoop() && !key.IsKnown() {
				visit(f, e, unknownKey(key), cmp.Or(doubt, key.Reason()))
				continue
			}
			visit(f, e, key.Marked(), doubt)
		}
	}
}

// repeated visits what a loop makes. Where it is not known over what the loop
// goes, one turn stands for all.
func (sc *scope) repeated(f *frame, e entry, doubt string, visit func(*frame, entry, string, string)) {
	turns := 0
	why := f.each(e.value, func(inner *frame, body *node) {
		turns++
		sc.entries(inner, body, doubt, visit)
	})
	if why == "" {
		return
	}
	if e.value.kind != listNode || len(e.value.elems) != 3 {
		sc.stack.cover(e.key, e.value.at, asset.Failed, why)
		sc.stack.gaps = append(sc.stack.gaps, why)
		return
	}
	name := e.value.elems[0].scalar()
	elem := unknownValue(why, e.value.at)
	elem.string = true
	sc.entries(f.with(name, elem), e.value.elems[2], why, visit)
}

// unknownKey is a logical id with a star for each unknown part.
func unknownKey(t asset.Text) string {
	var b strings.Builder
	for _, part := range t.Parts() {
		if part.Hole != nil {
			b.WriteString("*")
		} else {
			b.WriteString(part.Literal)
		}
	}
	return b.String()
}

// maxResources bounds the resources of one root template.
const maxResources = 200_000

// resource makes the resource of an entry.
func (sc *scope) resource(f *frame, e entry, id, doubt string) {
	s := sc.stack
	if e.value.kind != mapNode {
		s.cover(id, e.value.at, asset.Failed, id+" is not an object")
		return
	}
	if s.count++; s.count > maxResources {
		return
	}
	at := e.value.at
	at.start = min(at.start, e.at)
	condition := e.value.get("Condition").scalar()
	if f.inLoop() && condition != "" {
		condition = f.fill(condition).Marked()
	}
	r := &Resource{
		Type: e.value.get("Type").scalar(), LogicalID: id, Address: sc.prefix + id, stack: s, scope: sc, node: e.value, at: at,
		condition: condition,
	}
	r.doubts, r.doubt = doubt, doubt
	r.frame = f
	if condition != "" {
		is := f.named(condition)
		if is.isNo() {
			return
		}
		if !is.known {
			r.doubts = cmp.Or(r.doubts, is.why)
		}
		r.frame = f.given(condition)
	}
	r.Symbolic = r.doubts
	if sc.nested != nil {
		r.Symbolic = cmp.Or(r.Symbolic, sc.nested.Symbolic)
	}
	sc.add(r)
}

// add enters a resource.
func (sc *scope) add(r *Resource) {
	if old := sc.byID[r.LogicalID]; old != nil && old.Symbolic == "" {
		return
	}
	sc.byID[r.LogicalID] = r
	sc.resources = append(sc.resources, r)
}

const stackType = "AWS::CloudFormation::Stack"

// gather lists the resources of a scope and of the stacks nested in it.
func (sc *scope) gather() {
	s := sc.stack
	for _, r := range sc.resources {
		r.finish()
		if r.Type == "" {
			const why = "it has no type, so that another tool makes resources of it"
			s.cover(r.Address, r.at, asset.Unsupported, why)
			s.lost = append(s.lost, lost{r.Address, why, r.value})
			continue
		}
		s.byType[r.Type] = append(s.byType[r.Type], r)
		switch {
		case r.Type == stackType || r.Type == applicationType:
			if child := r.child(); child.missing != "" {
				s.lost = append(s.lost, lost{r.Address, child.missing, r.lookup("Parameters").value})
				s.cover(r.Address, r.at, asset.Skipped, child.missing)
			} else {
				child.gather()
			}
		case strings.HasSuffix(r.Type, "::MODULE"):
			why := "the module " + r.Type + " is in a registry"
			s.cover(r.Address, r.at, asset.Unsupported, why)
			s.lost = append(s.lost, lost{r.Address, why, r.value})
		}
	}
}

// child is the use of the template that a nested stack names.
func (r *Resource) child() *scope {
	if r.nested != nil {
		return r.nested
	}
	s := r.stack
	r.nested = &scope{stack: s, missing: r.Address + " depends on itself", nested: r}
	r.finish()
	where := r.Block("TemplateURL")
	if r.Type != stackType {
		where = r.Block("Location")
	}
	given, open := map[string]*value{}, ""
	switch passed := r.lookup("Parameters").value; passed.kind {
	case object:
		for _, m := range passed.members {
			given[m.key] = m.value
		}
		open = passed.more
	case unknown:
		open = passed.reason()
	case nothing, scalar, list:
	}
	sc := s.newScope(nil, given)
	r.nested = sc
	sc.openGiven, sc.nested, sc.depth, sc.prefix = open, r, r.scope.depth+1, r.Address+"/"
	sc.via = append([]asset.Location{location(r.at)}, r.scope.via...)
	sc.template, sc.missing = r.nestedTemplate(where.value)
	if sc.missing == "" {
		sc.open()
	}
	return sc
}

func (r *Resource) nestedTemplate(where *value) (*template, string) {
	url, ok := where.literal()
	if where.kind == object {
		return nil, "the application is in a repository of AWS's"
	}
	if !ok {
		return nil, cmp.Or(where.reason(), "names no template")
	}
	path, local := r.scope.file(url)
	switch {
	case !local:
		return nil, fmt.Sprintf("the template %s is not in the scanned code", url)
	case r.scope.depth >= maxDepth:
		return nil, fmt.Sprintf("stacks are nested more than %d levels deep", maxDepth)
	}
	for sc := r.scope; sc != nil; sc = sc.parent() {
		if sc.template.path == path {
			return nil, "the template nests itself"
		}
	}
	t := r.stack.parser.template(path)
	if t.err != nil {
		return nil, t.name + " cannot be read as a template"
	}
	return t, ""
}

func (sc *scope) parent() *scope {
	if sc.nested == nil {
		return nil
	}
	return sc.nested.scope
}

// file is the path of a file that a template names relative to itself.
func (sc *scope) file(name string) (path string, local bool) {
	if strings.Contains(name, "://") || name == "" {
		return "", false
	}
	path = filepath.Join(filepath.Dir(sc.template.path), filepath.FromSlash(name))
	if _, err := sc.stack.parser.tree.Resolve(path); err != nil {
		return "", false
	}
	return path, true
}

// mapping is the map of that name; nil where there is none.
func (f *frame) mapping(name string) *value {
	sc := f.scope
	if v, ok := sc.mappings[name]; ok {
		return v
	}
	var v *value
	if n := sc.template.root.get("Mappings").get(name); n != nil {
		v = sc.base.eval(n)
	}
	sc.mappings[name] = v
	return v
}

// findHanded notes which resources are given to nested stacks that are missing:
// what configures them may be in there.
func (s *Stack) findHanded() {
	if s.handed != nil {
		return
	}
	s.handed = map[origin]string{}
	for _, l := range s.lost {
		s.hand(l.told, l.address+": "+l.why, 0)
	}
}

// hand notes the attributes of resources that a value or a part of it comes from.
func (s *Stack) hand(v *value, why string, depth int) {
	if depth > maxNesting || s.tire(1) {
		return
	}
	if v.from.isResource() {
		for _, key := range []origin{v.from, {address: v.from.address}} {
			if s.handed[key] == "" {
				s.handed[key] = why
			}
		}
	}
	for _, e := range slices.Concat(v.elems, v.alts) {
		s.hand(e, why, depth+1)
	}
	for _, m := range v.members {
		s.hand(m.value, why, depth+1)
	}
}
