/** Go's profiles ({@code /debug/pprof/heap} and others): profile.proto, from bytes to samples. */
package io.unpark.trace.pprof;
