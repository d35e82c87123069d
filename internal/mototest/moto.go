// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package mototest

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

//go:embed serve.py
var serve string

// makeVenv is what a person runs when the Python environment is not there.
const makeVenv = "python3 -m venv .venv && .venv/bin/pip install -r requirements-test.txt"

// The server that all tests of a test binary share, and how many accounts were
// handed out on it.
var (
	shared   = sync.OnceValues(startMoto)
	accounts atomic.Int64
)

// moto is a running server.
type moto struct {
	address string
	// stdin keeps the server alive: it ends when this end of the pipe is closed,
	// at the latest with this process.
	stdin  *os.File
	output *output
}

// Start returns an empty AWS account for this test. It ends the test where
// moto is not installed.
func Start(t testing.TB) *Server {
	t.Helper()
	m, err := shared()
	if err != nil {
		t.Fatalf("start moto: %v", err)
	}
	s := &Server{
		Account: fmt.Sprintf("%012d", 100000000000+accounts.Add(1)),
		moto:    m,
		profile: filepath.Join(t.TempDir(), "config"),
	}
	if err := os.WriteFile(s.profile, []byte("[default]\n"), 0o600); err != nil {
		t.Fatalf("write an empty AWS configuration: %v", err)
	}
	s.wire = newWire(t, s)
	return s
}

func startMoto() (*moto, error) {
	root, err := repositoryRoot()
	if err != nil {
		return nil, err
	}
	python := filepath.Join(root, ".venv", "bin", "python")
	if _, err := os.Stat(python); err != nil {
		return nil, fmt.Errorf("%s is missing; run in %s: %s", python, root, makeVenv)
	}
	// The kernel queues connections to the socket until Python accepts them, so
	// nobody has to wait for the server or to guess a free port.
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	defer listener.Close()
	socket, err := listener.(*net.TCPListener).File()
	if err != nil {
		return nil, fmt.Errorf("pass the socket on: %w", err)
	}
	defer socket.Close()
	theirs, ours, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("make a pipe: %w", err)
	}
	defer theirs.Close()

	m := &moto{address: listener.Addr().String(), stdin: ours, output: &output{}}
	cmd := exec.Command(python, "-c", serve)
	cmd.Dir = os.TempDir() // not among the sources of the package under test
	cmd.Env = append(withoutAWS(os.Environ()),
		"MOTO_PORT="+strconv.Itoa(listener.Addr().(*net.TCPAddr).Port),
		"MOTO_EC2_LOAD_DEFAULT_AMIS=false",    // saves seconds at the first call to EC2
		"MOTO_IAM_LOAD_MANAGED_POLICIES=true", // so that AdministratorAccess can be attached
		"AWS_EC2_METADATA_DISABLED=true",
	)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = theirs, m.output, m.output
	cmd.ExtraFiles = []*os.File{socket}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("run %s: %w", python, err)
	}
	// The server outlives every test; this goroutine ends with the process.
	go func() { m.output.ended(cmd.Wait()) }()
	return m, nil
}

// withoutAWS drops the machine's own settings, which moto and the botocore inside
// it would obey.
func withoutAWS(environment []string) []string {
	return slices.DeleteFunc(environment, func(variable string) bool {
		return strings.HasPrefix(variable, "AWS_") || strings.HasPrefix(variable, "MOTO_")
	})
}

// repositoryRoot finds the folder of go.mod above the package under test.
func repositoryRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the repository: %w", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("find the repository: there is no go.mod above the test")
		}
		dir = parent
	}
}

// output keeps the last of what the server wrote, for the message when it dies.
type output struct {
	mu   sync.Mutex
	last bytes.Buffer
	end  string
}

const keepOutput = 4 << 10

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.last.Write(p)
	if over := o.last.Len() - keepOutput; over > 0 {
		o.last.Next(over)
	}
	return len(p), nil
}

func (o *output) ended(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.end = fmt.Sprintf("moto ended: %v\n", err)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.end + o.last.String()
}
