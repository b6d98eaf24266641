/**
 * Traces on demand: who wants one, which agents ask for work, which of them is given what, and what came of it. All of it is in the memory
 * of one collector, bounded, and forgotten with it (ADR 19).
 */
package io.unpark.ingest.capture;
