/** Exceptions of detectors: caught, counted and shown, so that a bug in one costs its own judgement only. */
package io.unpark.analysis.fault;
