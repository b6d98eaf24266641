-- Which anomalies changed, in order, see ADR 26. A number is given under the lock of the counter's row, which its transaction keeps to
-- its end: whoever sees a number sees all smaller ones.
CREATE TABLE change_counter (
    name        VARCHAR(16) NOT NULL,
    last_change BIGINT      NOT NULL,
    PRIMARY KEY (name)
);
INSERT INTO change_counter (name, last_change) SELECT 'anomalies', COALESCE(MAX(seq), 0) FROM anomalies;

-- The last change of each anomaly. state: the last that was told; what time alone did to it since has no number yet.
CREATE TABLE anomaly_changes (
    anomaly_id VARCHAR(128) NOT NULL,
    change_no  BIGINT       NOT NULL,
    state      VARCHAR(16)  NOT NULL,
    PRIMARY KEY (anomaly_id)
);
INSERT INTO anomaly_changes (anomaly_id, change_no, state) SELECT id, seq, 'OPEN' FROM anomalies;
CREATE UNIQUE INDEX anomaly_changes_no ON anomaly_changes (change_no);
CREATE INDEX anomaly_changes_state ON anomaly_changes (state);
