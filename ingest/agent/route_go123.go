//go:build go1.23

package unpark

import "net/http"

// matchedPattern is the pattern that http.ServeMux has matched already, if it did.
func matchedPattern(r *http.Request) string { return r.Pattern }
