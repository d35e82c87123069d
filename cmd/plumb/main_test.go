// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/plumb-cspm/plumb/internal/mototest"
)

// In these tests the test binary is plumb: scripts and exec.Command find it by
// its name.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"plumb": main})
}

// The scripts show the commands as people type them.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{Dir: "testdata/script", Cmds: commands(), Setup: alone})
}

// alone keeps the machine's own settings out of a script.
func alone(env *testscript.Env) error {
	env.Setenv("HOME", env.WorkDir)
	env.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	env.Setenv("AWS_REGION", mototest.Region)
	env.Setenv("AWS_CONFIG_FILE", env.WorkDir+"/no-aws-config")
	env.Setenv("AWS_SHARED_CREDENTIALS_FILE", env.WorkDir+"/no-aws-credentials")
	return nil
}

func TestScriptsOverAWS(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{Dir: "testdata/aws", Cmds: commands(), Setup: func(env *testscript.Env) error {
		server := mototest.Start(t)
		for _, variable := range awsEnvironment(server.Endpoint()) {
			name, value, _ := strings.Cut(variable, "=")
			env.Setenv(name, value)
		}
		if err := makeBucket(server.Endpoint(), "plumb-cli-ledger"); err != nil {
			return err
		}
		denyWhat(server, "GetBucketVersioning", "versioning")
		return alone(env)
	}})
}

// key belongs to the account's root, as mototest has it.
const key = "AKIAMOTOTESTMOTOTEST"

func awsEnvironment(endpoint string) []string {
	return []string{
		"AWS_ENDPOINT_URL=" + endpoint, "AWS_ACCESS_KEY_ID=" + key, "AWS_SECRET_ACCESS_KEY=secret",
		"AWS_REGION=" + mototest.Region, "AWS_EC2_METADATA_DISABLED=true", "AWS_CONFIG_FILE=", "AWS_SHARED_CREDENTIALS_FILE=",
		"AWS_PROFILE=",
	}
}

// makeBucket speaks S3 by hand: the SDK is not for this package.
func makeBucket(endpoint, name string) error {
	req, err := http.NewRequest(http.MethodPut, endpoint+"/"+name, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+key+"/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0")
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("make bucket %s: %s", name, answer.Status)
	}
	return nil
}

// denyWhat denies the S3 calls with that word in their query.
func denyWhat(server *mototest.Server, operation, query string) {
	server.Wire().Answer("*", func(w http.ResponseWriter, r *http.Request) bool {
		if !r.URL.Query().Has(query) {
			return false
		}
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w, "<Error><Code>AccessDenied</Code><Message>no identity-based policy allows s3:%s</Message></Error>", operation)
		return true
	})
}

func commands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"json": checkJSON, "same-verdicts": sameVerdicts, "exits": exits, "binary": writeBinary,
	}
}

// exits CODE plumb ... runs a command and compares its exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("run: %v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("it exits with %d, not %d", got, want)
	}
}

// json FILE PATH WANT compares what stands at a path of a JSON file: names and
// indexes with dots between them, len for how many there are.
func checkJSON(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: json FILE PATH WANT")
	}
	var v any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &v))
	for step := range strings.SplitSeq(args[1], ".") {
		switch in := v.(type) {
		case map[string]any:
			v = in[step]
		case []any:
			if step == "len" {
				v = len(in)
				continue
			}
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(in) {
				ts.Fatalf("there is no %s in %s: %d elements", step, args[1], len(in))
			}
			v = in[i]
		default:
			ts.Fatalf("there is no %s in %s", step, args[1])
		}
	}
	if got := fmt.Sprint(v); (got == args[2]) == neg {
		ts.Fatalf("%s is %s; want %s", args[1], got, args[2])
	}
}

// same-verdicts FILE FILE compares two reports, apart from which scan they are of.
func sameVerdicts(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: same-verdicts FILE FILE")
	}
	var reports [2]map[string]any
	for i, file := range args {
		ts.Check(json.Unmarshal([]byte(ts.ReadFile(file)), &reports[i]))
		delete(reports[i], "scan")
	}
	if diff := cmp.Diff(reports[0], reports[1]); diff != "" {
		ts.Fatalf("they differ:\n%s", diff)
	}
}

// binary FILE makes a file that is not text, which a script cannot hold.
func writeBinary(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte("\x7fELF\x00\x01"), 0o600))
}

func TestAnInterruptedScanPrintsWhatIsComplete(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		held   func(*http.Request) bool
		assets int // that it judges all the same
	}{
		{"while it signs in", func(r *http.Request) bool { return r.Method == http.MethodPost }, 0},
		{"while it reads", func(r *http.Request) bool { return r.URL.Query().Has("versioning") && r.Method == http.MethodGet }, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := mototest.Start(t)
			bucket := "plumb-cli-" + strings.ReplaceAll(test.name, " ", "-")
			if err := makeBucket(server.Endpoint(), bucket); err != nil {
				t.Fatal(err)
			}
			waiting := make(chan struct{}, 100)
			server.Wire().Answer("*", func(_ http.ResponseWriter, r *http.Request) bool {
				if !test.held(r) {
					return false
				}
				// Before the body is read, the server does not see that the client goes.
				_, _ = io.Copy(io.Discard, r.Body)
				waiting <- struct{}{}
				<-r.Context().Done()
				panic(http.ErrAbortHandler)
			})
			cmd := exec.CommandContext(t.Context(), "plumb", "scan", "aws", "--control", "aws-s3-bucket-versioning", "--region", mototest.Region, "--format", "json")
			cmd.Env = append(os.Environ(), awsEnvironment(server.Endpoint())...)
			cmd.Dir = t.TempDir()
			var out, errs bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &errs
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() { ended <- cmd.Wait() }()
			select {
			case <-waiting:
			case err := <-ended:
				t.Fatalf("it did not wait: %v\n%s%s", err, &out, &errs)
			}
			if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
				t.Fatal(err)
			}
			interrupted := time.Now()
			err := <-ended
			if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != 130 {
				t.Errorf("it ends with %v; want exit status 130\n%s", err, &errs)
			}
			if took := time.Since(interrupted); took > 5*time.Second { // a second on a machine that is not busy
				t.Errorf("it took %s to end", took)
			}
			var report struct {
				Scan    struct{ Partial bool }
				Summary struct{ Assets, Unknown int }
			}
			if err := json.Unmarshal(out.Bytes(), &report); err != nil || !report.Scan.Partial {
				t.Errorf("the report is not marked partial: %v\n%s", err, &out)
			}
			if report.Summary.Assets != test.assets || report.Summary.Unknown != test.assets {
				t.Errorf("%d assets are judged, %d unknown; want %d\n%s", report.Summary.Assets, report.Summary.Unknown, test.assets, &out)
			}
		})
	}
}

func TestAReaderThatGoesIsNoError(t *testing.T) {
	t.Parallel()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := read.Close(); err != nil {
		t.Fatal(err)
	}
	defer write.Close()
	cmd := exec.CommandContext(t.Context(), "plumb", "controls", "list", "--format", "json")
	cmd.Dir = t.TempDir()
	var errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = write, &errs
	err = cmd.Run()
	// As any other program: the signal ends it.
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGPIPE {
		t.Errorf("it ends with %v; want the signal SIGPIPE", err)
	}
	if errs.Len() > 0 {
		t.Errorf("it complains: %s", &errs)
	}
}
