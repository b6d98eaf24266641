// Package unpark links a Go service to an Unpark collector.
//
// It does two independent things:
//
//   - [Start] runs the runtime's execution tracer for as long as the process lives, cuts its output at
//     generation boundaries (about one a second) and ships whole generations to a collector, or writes them
//     to a file. It never blocks the service: what cannot be shipped is dropped, oldest first, and counted.
//   - [Middleware] and [RoundTripper] write into that trace what the runtime cannot know: which request a
//     goroutine serves, which call it makes, and which deadline holds. The format is docs/annotations.md.
//     Nothing is logged while no tracer runs.
//
// Only the standard library is used.
package unpark
