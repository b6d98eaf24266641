/** What the analysis speaks of: records without behaviour, ordered as data flows: segments, findings, anomalies. */
package io.unpark.analysis.model;
