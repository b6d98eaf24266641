-- For the graph of services and for the trends of the overview, see ADR 29.

-- Whom the address of an outgoing call belongs to: the service whose part of a request has the call's span as its parent.
-- id: hash of caller, peer and route.
CREATE TABLE peers (
    id               VARCHAR(64)  NOT NULL,
    namespace        VARCHAR(512) NOT NULL,
    service          VARCHAR(512) NOT NULL,
    peer             VARCHAR(512) NOT NULL,
    route            VARCHAR(512) NOT NULL,
    callee_namespace VARCHAR(512) NOT NULL,
    callee_service   VARCHAR(512) NOT NULL,
    arrived_ms       BIGINT       NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX peers_service ON peers (service, namespace);
CREATE INDEX peers_arrived ON peers (arrived_ms);

-- An anomaly's count at the end of each hour in which it was seen, and before the first word of that hour.
CREATE TABLE anomaly_hours (
    anomaly_id      VARCHAR(128) NOT NULL,
    hour_ns         BIGINT       NOT NULL,
    subjects_before BIGINT       NOT NULL,
    subjects        BIGINT       NOT NULL,
    arrived_ms      BIGINT       NOT NULL,
    PRIMARY KEY (anomaly_id, hour_ns)
);
CREATE INDEX anomaly_hours_hour ON anomaly_hours (hour_ns);
CREATE INDEX anomaly_hours_arrived ON anomaly_hours (arrived_ms);

CREATE INDEX anomalies_first_seen ON anomalies (first_seen_ns);
