-- The page's list goes along it: of a severity the anomalies that were seen last.
CREATE INDEX anomalies_worst ON anomalies (severity, last_seen_ns DESC, id);
