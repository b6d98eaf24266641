-- An anomaly's count over time is kept once, see ADR 29: what V6 kept by hour goes to where V3 keeps minutes and hours.

-- subjects_before: its count before the first word on that span; 0 when it is new, and for what was written before this version.
ALTER TABLE anomaly_counts ADD COLUMN subjects_before BIGINT DEFAULT 0 NOT NULL;

UPDATE anomaly_counts SET subjects_before = (
    SELECT h.subjects_before FROM anomaly_hours h
    WHERE h.anomaly_id = anomaly_counts.anomaly_id AND h.hour_ns = anomaly_counts.start_ns)
WHERE step_s = 3600 AND EXISTS (
    SELECT 1 FROM anomaly_hours h
    WHERE h.anomaly_id = anomaly_counts.anomaly_id AND h.hour_ns = anomaly_counts.start_ns);

-- Hour 0 is of anomalies of which it is not known when they were seen.
INSERT INTO anomaly_counts (anomaly_id, step_s, start_ns, subjects, subjects_before, arrived_ms)
SELECT h.anomaly_id, 3600, h.hour_ns, h.subjects, h.subjects_before, h.arrived_ms FROM anomaly_hours h
WHERE h.hour_ns > 0 AND NOT EXISTS (
    SELECT 1 FROM anomaly_counts c
    WHERE c.anomaly_id = h.anomaly_id AND c.step_s = 3600 AND c.start_ns = h.hour_ns);

DROP TABLE anomaly_hours;
CREATE INDEX anomaly_counts_start ON anomaly_counts (step_s, start_ns);
