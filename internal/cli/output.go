// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// output is where a result goes: standard output, or a file that appears whole
// or not at all. It is opened before the work, so that nobody learns after an
// hour that the result cannot be written.
type output struct {
	to   io.Writer
	file *os.File // to be closed; nil for standard output
	temp string   // to be renamed to path; "" for a device or pipe
	path string
}

// openOutput opens a file, or standard output for "".
func (a *app) openOutput(path string, mode fs.FileMode) (*output, error) {
	if path == "" {
		return &output{to: a.Stdout}, nil
	}
	out := &output{path: path}
	var err error
	switch info, statErr := os.Stat(path); {
	case statErr == nil && info.IsDir():
		err = errors.New("it is a folder")
	case statErr == nil && !info.Mode().IsRegular():
		out.file, err = os.OpenFile(path, os.O_WRONLY, 0)
	default:
		if resolved, linkErr := filepath.EvalSymlinks(path); linkErr == nil {
			out.path = resolved
		}
		out.temp = filepath.Join(filepath.Dir(out.path), ".plumb-"+rand.Text())
		out.file, err = os.OpenFile(out.temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	}
	if err != nil {
		if at, ok := errors.AsType[*fs.PathError](err); ok { // its path may be the one of the temporary file
			err = at.Err
		}
		return nil, unwritable(fmt.Errorf("open output %s: %w", path, err))
	}
	out.to = out.file
	return out, nil
}

// write renders the result and puts it in its place.
func (o *output) write(render func(io.Writer) error) error {
	if err := render(o.to); err != nil {
		return unwritable(err)
	}
	if o.file == nil {
		return nil
	}
	err := o.file.Close()
	o.file = nil
	if err == nil && o.temp != "" {
		err = os.Rename(o.temp, o.path)
		o.temp = ""
	}
	if err != nil {
		return unwritable(fmt.Errorf("write output: %w", err))
	}
	return nil
}

// discard removes what was not written in full. After write it does nothing.
func (o *output) discard() {
	if o.file != nil {
		_ = o.file.Close() // it goes away in any case
		o.file = nil
	}
	if o.temp != "" {
		if err := os.Remove(o.temp); err == nil || errors.Is(err, fs.ErrNotExist) {
			o.temp = ""
		}
	}
}
