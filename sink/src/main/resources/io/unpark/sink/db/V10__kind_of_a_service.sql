-- The page's list of one kind of one service. PostgreSQL can do with what is there, H2 reads all of the service.
CREATE INDEX anomalies_worst_of_both ON anomalies (service, kind, severity, last_seen_ns DESC, id);
