// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package mototest

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"
)

// dialect is how a service writes its errors.
type dialect struct {
	denied, throttled string // the service's codes
	throttleStatus    int
	// text formats code and message; empty means JSON.
	text string
}

const (
	errorXML   = `<Error><Code>%s</Code><Message>%s</Message></Error>`
	wrappedXML = `<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>0</RequestId></ErrorResponse>`
	ec2XML     = `<Response><Errors><Error><Code>%s</Code><Message>%s</Message></Error></Errors><RequestID>0</RequestID></Response>`
)

func dialectOf(r *http.Request) dialect {
	service, _, _ := strings.Cut(r.Header.Get(operationHeader), ":")
	switch {
	case service == "s3":
		return dialect{"AccessDenied", "SlowDown", http.StatusServiceUnavailable, errorXML}
	case service == "s3control":
		return dialect{"AccessDenied", "SlowDown", http.StatusServiceUnavailable, wrappedXML}
	case service == "ec2":
		return dialect{"UnauthorizedOperation", "RequestLimitExceeded", http.StatusServiceUnavailable, ec2XML}
	case strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded"):
		return dialect{"AccessDenied", "Throttling", http.StatusBadRequest, wrappedXML}
	}
	return dialect{"AccessDeniedException", "ThrottlingException", http.StatusBadRequest, ""}
}

func (d dialect) deny(w http.ResponseWriter) {
	d.write(w, http.StatusForbidden, d.denied, "the caller is not authorized, because no identity-based policy allows the action")
}

func (d dialect) throttle(w http.ResponseWriter) {
	d.write(w, d.throttleStatus, d.throttled, "Rate exceeded")
}

func (d dialect) write(w http.ResponseWriter, status int, code, message string) {
	if d.text == "" {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Amzn-Errortype", code)
		w.WriteHeader(status)
		// An error here is the client's: it has gone.
		_ = json.NewEncoder(w).Encode(map[string]string{"__type": code, "message": message})
		return
	}
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, d.text, escape(code), escape(message))
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder takes everything
	return b.String()
}
