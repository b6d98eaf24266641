package unpark

import (
	"net/http"
	"strings"
)

// maxSegmentBytes is the length from which a path segment is taken for an id or a free text.
const maxSegmentBytes = 32

// patternFinder is what http.ServeMux offers: the pattern a request will match.
type patternFinder interface {
	Handler(*http.Request) (http.Handler, string)
}

// routeOf names the route of an incoming request. mux may be nil.
func (o *options) routeOf(r *http.Request, mux patternFinder) string {
	route := ""
	if o.route != nil {
		route = o.route(r)
	}
	if route == "" {
		route = withMethod(r, matchedPattern(r))
	}
	if route == "" && mux != nil {
		_, pattern := mux.Handler(r)
		route = withMethod(r, pattern)
	}
	if route == "" {
		route = methodAndPath(r)
	}
	return o.clean("route", route)
}

// callRoute names the route of an outgoing call.
func (o *options) callRoute(r *http.Request) string {
	route := ""
	if o.route != nil {
		route = o.route(r)
	}
	if route == "" {
		route = methodAndPath(r)
	}
	return o.clean("route", route)
}

func withMethod(r *http.Request, pattern string) string {
	if pattern == "" || strings.ContainsAny(pattern, " \t") {
		return pattern
	}
	return method(r) + " " + pattern
}

func method(r *http.Request) string {
	if r.Method == "" { // an outgoing request may leave it out
		return http.MethodGet
	}
	return r.Method
}

// methodAndPath hides what varies from request to request, so that neither the number of routes explodes nor ids of
// customers get into the trace.
func methodAndPath(r *http.Request) string {
	if r.URL == nil {
		return method(r)
	}
	var page paper
	route := append(append(page[:0], method(r)...), ' ')
	rest, more := cut(r.URL.Path, maxMessageBytes), true
	for segment := ""; more; {
		segment, rest, more = strings.Cut(rest, "/")
		if varies(segment) {
			segment = "*"
		}
		route = append(route, segment...)
		if more {
			route = append(route, '/')
		}
	}
	return string(route)
}

func varies(segment string) bool {
	if len(segment) >= maxSegmentBytes {
		return true
	}
	if len(segment) == 2 && segment[0] == 'v' { // v1, v2: versions of an API
		return false
	}
	return strings.ContainsAny(segment, "0123456789")
}
