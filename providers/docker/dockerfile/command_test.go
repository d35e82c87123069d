// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package dockerfile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/plumb-cspm/plumb/internal/asset"
	"github.com/plumb-cspm/plumb/internal/source/code/dockerfile"
)

func stageOf(t *testing.T, text string) *Stage {
	t.Helper()
	f, err := dockerfile.Parse("Dockerfile", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return decodeStage(f.Stages[len(f.Stages)-1])
}

// meaning says what the last command of a script means, in short.
func meaning(t *testing.T, script string) string {
	t.Helper()
	commands := stageOf(t, "FROM a\nARG UNSET\n"+script+"\n").Commands.Elems()
	c := commands[len(commands)-1]
	var words []string
	word := func(v asset.Value[string]) {
		words = append(words, v.Or("?"))
	}
	word(c.Tool)
	word(c.Action)
	for _, o := range c.Options.Elems() {
		word(o)
	}
	if !c.Options.IsComplete() {
		words = append(words, "...")
	}
	for name, v := range map[string]asset.Value[bool]{"certificates": c.VerifiesCertificates, "packages": c.VerifiesPackages} {
		if verified, known := v.Get(); !known {
			words = append(words, name+"?")
		} else if !verified {
			words = append(words, "no-"+name)
		}
	}
	return strings.Join(words, " ")
}

func TestCommandsMean(t *testing.T) {
	t.Parallel()
	for script, want := range map[string]string{
		"RUN apt-get -yqq install curl":                                         "apt install -y -q -q",
		"RUN apt-get -o Acquire::Retries=3 update":                              "apt update -o",
		"RUN apt-get install -oAPT::Get::AllowUnauthenticated=true x":           "apt install -o no-packages",
		"RUN apt-get install -o APT::Get::AllowUnauthenticated=true x":          "apt install -o no-packages",
		"RUN curl -sSLo/tmp/k https://x":                                        "curl  -s -S -L -o",
		"RUN curl --insecure=1 https://x":                                       "curl  --insecure no-certificates",
		"RUN wget -qO- https://x":                                               "wget  -q -O",
		"RUN python3.12 -m pip install --trusted-host h x":                      "pip install --trusted-host no-certificates",
		"RUN pip3 config set global.trusted-host h":                             "pip  no-certificates",
		"RUN pip config unset global.trusted-host":                              "pip ",
		"RUN uv pip install x":                                                  "pip install",
		"RUN python3 -m venv /x":                                                "python  -m",
		"RUN npm set strict-ssl=false":                                          "npm  no-certificates",
		"RUN npm --no-strict-ssl ci":                                            "npm install --no-strict-ssl no-certificates",
		"RUN pnpm config set strict-ssl true":                                   "npm ",
		"RUN git -c http.sslVerify=true clone x":                                "git  -c",
		"RUN git config --global http.sslverify 0":                              "git  --global no-certificates",
		"RUN yum-config-manager --save --setopt=epel.sslverify=false":           "yum  --save --setopt no-certificates",
		"RUN dnf --setopt=*.gpgcheck=0 install x":                               "yum install --setopt no-packages",
		"RUN apk --no-cache add x":                                              "apk install --no-cache",
		"RUN apk -U --allow-untrusted add x":                                    "apk install -U --allow-untrusted no-packages",
		"RUN curl $UNSET https://x":                                             "curl  ... certificates?",
		"RUN curl \"$UNSET\" https://x/$UNSET":                                  "curl ",
		"RUN curl -k $UNSET":                                                    "curl  -k ... no-certificates",
		"RUN make $UNSET":                                                       "make  ...",
		"RUN echo 'deb [arch=amd64 trusted=yes] http://x y main' > /etc/x.list": "echo  no-packages",
		"RUN ls -la": "ls  -la",
	} {
		if got := meaning(t, script); got != want {
			t.Errorf("%s: %q, not %q", script, got, want)
		}
	}
}

func TestScriptsDoNotGetIntoAssets(t *testing.T) {
	t.Parallel()
	config := stageOf(t, `FROM a
ENV PASSWORD=hunter2
ARG TOKEN=hunter2
ADD https://user:hunter2@example.com/x /
RUN PGPASSWORD=hunter2 psql && echo root:hunter2 | chpasswd && curl -u me:hunter2 https://x
HEALTHCHECK CMD curl -H "Authorization: hunter2" localhost
CMD ["x", "--password=hunter2"]
`)
	encoded, err := asset.Encode(config)
	if err != nil {
		t.Fatal(err)
	}
	if text := fmt.Sprint(string(encoded.Config)); strings.Contains(text, "hunter2") || !strings.Contains(text, "PGPASSWORD") {
		t.Errorf("an inventory holds a secret, or not the name of one: %s", text)
	}
}

func TestNothingIsLeftUnset(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"FROM scratch\n",
		"ARG A\nFROM x AS a\nFROM $A\nARG B\nENV C=$B\nRUN $B && curl $B\nADD $B /\nCOPY a $B\nEXPOSE $B\nWORKDIR $B\nVOLUME /x\nMAINTAINER x\nCMD x\nENTRYPOINT [\"x\"]\n",
	} {
		if unset := asset.Unset(stageOf(t, text)); len(unset) > 0 {
			t.Errorf("%q: %v", text, unset)
		}
	}
}
