/** Anomalies as text. */
package io.unpark.analysis.json;
