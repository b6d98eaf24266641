package main

import (
	"net"
	"net/http"
	"time"
)

type handlerOf func(s *service) http.HandlerFunc

// scenario is a small fleet. What is wrong with it is written down beside it, before any detector has seen it.
type scenario struct {
	name     string
	handlers map[string]handlerOf
	wrap     map[string]func(mode string, next http.Handler) http.Handler // deadlined unless told otherwise
	raw      map[string]func(net.Conn)                                    // services that speak no HTTP
	every    time.Duration
	visit    func(n int) visit
	expect   []expectation
}

// expectation is a fault: kind and place. Mode "" holds in all modes, else it names those where it does. An optional one is right when said
// and not missed when not.
type expectation struct {
	Service  string   `json:"service"`
	Kind     string   `json:"kind"`
	Sites    []string `json:"sites"`
	Mode     string   `json:"-"`
	Optional bool     `json:"optional,omitempty"`
}

func (s scenario) roles() []string {
	var roles []string
	for _, role := range []string{"a", "b", "c"} {
		if s.handlers[role] != nil || s.raw[role] != nil {
			roles = append(roles, role)
		}
	}
	return roles
}

const (
	notPropagated = "deadline_not_propagated"
	extended      = "deadline_extended"
	missing       = "missing_deadline"
	exceeded      = "deadline_exceeded"
	after         = "work_after_deadline"
)

func must(service, kind string, sites ...string) expectation {
	return expectation{Service: service, Kind: kind, Sites: sites}
}

func agentOnly(service, kind string, sites ...string) expectation {
	return expectation{Service: service, Kind: kind, Sites: sites, Mode: "agent"}
}

// withIds holds where ids and deadlines are logged, by the agent or by hand.
func withIds(service, kind string, sites ...string) expectation {
	return expectation{Service: service, Kind: kind, Sites: sites, Mode: "agent ids"}
}

// idsOnly is what remains of a fault where only ids and deadlines are logged.
func idsOnly(service, kind string, sites ...string) expectation {
	return expectation{Service: service, Kind: kind, Sites: sites, Mode: "ids"}
}

// mayIds is right where only ids and deadlines are logged: who extended a deadline cannot be told there.
func mayIds(service, kind string, sites ...string) expectation {
	return expectation{Service: service, Kind: kind, Sites: sites, Mode: "ids", Optional: true}
}

func may(service, kind string, sites ...string) expectation {
	return expectation{Service: service, Kind: kind, Sites: sites, Optional: true}
}

func mayPlain(service, kind string, sites ...string) expectation {
	return expectation{Service: service, Kind: kind, Sites: sites, Mode: "plain otel", Optional: true}
}

// passes says that a deadline passes in service for the reason that it is too short: true, whoever is to blame. Where nothing
// joins the services, each of them may say so of its own.
func passes(service, site string) []expectation {
	faults := []expectation{withIds(service, exceeded, site)}
	for _, each := range []string{"a", "b", "c"} {
		faults = append(faults, mayPlain(each, exceeded, site, "main.relayB.func1", "main.headlessB.func1",
			"main.slowHonourB.func1", "main.slowHonourC.func1", "main.childB.func1", "main.auditB.func1"))
	}
	return faults
}

func scenarios() []scenario {
	return append(append(append(append(faulty(), fine()...), further()...), fresh()...), later()...)
}
