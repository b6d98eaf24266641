-- The page's list goes along these, of each severity from the anomaly that was seen last: of all, of a kind, of a service.
CREATE INDEX anomalies_worst ON anomalies (severity, last_seen_ns DESC, id);
CREATE INDEX anomalies_worst_of_kind ON anomalies (kind, severity, last_seen_ns DESC, id);
CREATE INDEX anomalies_worst_of_service ON anomalies (service, severity, last_seen_ns DESC, id);

-- How many opened in each hour is counted without a look at the rows.
DROP INDEX anomalies_first_seen;
CREATE INDEX anomalies_first_seen ON anomalies (first_seen_ns, severity, confidence);

-- Which of the many hours are the few in which an anomaly grew: what is getting worse is read from them alone.
ALTER TABLE anomaly_counts ADD COLUMN grew BOOLEAN DEFAULT FALSE NOT NULL;
UPDATE anomaly_counts SET grew = TRUE WHERE subjects_before > 0 AND subjects > subjects_before;
DROP INDEX anomaly_counts_start;
CREATE INDEX anomaly_counts_grew ON anomaly_counts (grew, step_s, start_ns, anomaly_id, subjects_before);
