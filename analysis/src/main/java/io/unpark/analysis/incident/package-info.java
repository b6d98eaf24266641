/** Findings of one fingerprint, folded into an anomaly. */
package io.unpark.analysis.incident;
