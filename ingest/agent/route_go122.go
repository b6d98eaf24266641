//go:build !go1.23

package unpark

import "net/http"

// matchedPattern: before Go 1.23 a request does not tell.
func matchedPattern(*http.Request) string { return "" }
