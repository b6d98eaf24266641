#!/usr/bin/env python3
"""Writes the Grafana dashboards from the tables below; with --check tells whether the files are what it would write."""
import json
import pathlib
import sys

FOLDER = pathlib.Path(__file__).parent / "dashboards"
WIDTH, HEIGHT = 8, 8

# Title, unit, and the expressions with their legends.
OPERATIONS = [
    ("Is it running?", [
        ("Processes that answer", "short", [("sum(up{job=\"unpark\"})", "answer"), ("count(up{job=\"unpark\"})", "are known")]),
        ("Topologies that run", "short", [("sum(unpark_stream_running)", "run")]),
        ("Uptime", "s", [("process_uptime_seconds{job=\"unpark\"}", "{{instance}}")]),
    ]),
    ("What comes in", [
        ("Generations a second", "ops", [
            ("sum(rate(unpark_ingest_generations_total[$__rate_interval]))", "accepted"),
            ("sum(rate(unpark_stream_generations_total[$__rate_interval]))", "judged"),
            ("sum(rate(unpark_stream_duplicate_generations_total[$__rate_interval]))", "came again")]),
        ("Bytes of traces, decompressed", "Bps", [("sum(rate(unpark_ingest_bytes_total[$__rate_interval]))", "accepted")]),
        ("Refused pushes", "ops", [("sum by (reason) (rate(unpark_ingest_refused_total[$__rate_interval])) > 0", "{{reason}}")]),
        ("Pushes under way, agents that poll", "short", [
            ("sum(unpark_ingest_running_pushes)", "pushes"), ("sum(unpark_ingest_polling_agents)", "agents")]),
        ("Not let in", "ops", [("sum by (instance) (rate(unpark_http_refused_total[$__rate_interval]))", "{{instance}}")]),
        ("Scrapes", "ops", [
            ("sum by (endpoint) (rate(unpark_scrape_good_total[$__rate_interval]))", "{{endpoint}}"),
            ("sum(rate(unpark_scrape_failed_total[$__rate_interval]))", "failed")]),
    ]),
    ("Topologies", [
        ("Records that wait", "short", [("max by (topic) (unpark_stream_lag)", "{{topic}}")]),
        ("Records out", "ops", [
            ("sum(rate(unpark_stream_findings_total[$__rate_interval]))", "findings"),
            ("sum(rate(unpark_stream_segments_total[$__rate_interval]))", "segments"),
            ("sum(rate(unpark_stream_anomalies_total[$__rate_interval]))", "anomalies")]),
        ("State", "bytes", [("sum by (store) (unpark_stream_store_bytes)", "{{store}}")]),
        ("Dead letters and missing generations", "ops", [
            ("sum(rate(unpark_stream_dead_letters_total[$__rate_interval]))", "dead letters"),
            ("sum(rate(unpark_stream_missing_generations_total[$__rate_interval]))", "missing generations"),
            ("sum(rate(unpark_stream_late_chunks_total[$__rate_interval]))", "late chunks")]),
        ("Detectors that fail", "short", [("sum by (detector) (increase(unpark_stream_detector_faults_total[1h]))", "{{detector}}")]),
        ("Let go and left out at a limit, in an hour", "short", [
            ("sum(increase(unpark_stream_evicted_instances_total[1h]))", "instances"),
            ("sum(increase(unpark_stream_evicted_requests_total[1h]))", "requests"),
            ("sum by (what) (increase(unpark_stream_left_out_total[1h]))", "{{what}} left out")]),
    ]),
    ("Sink and notifications", [
        ("Rows a second", "ops", [("sum by (topic) (rate(unpark_sink_records_total[$__rate_interval]))", "{{topic}}")]),
        ("Records that wait", "short", [("sum by (topic) (unpark_sink_lag)", "{{topic}}")]),
        ("Time to write a batch", "s", [
            ("sum(rate(unpark_sink_batch_seconds_sum[$__rate_interval])) / sum(rate(unpark_sink_batch_seconds_count[$__rate_interval]))", "mean"),
            ("max(unpark_sink_batch_seconds_max)", "longest")]),
        ("Failures and skipped records", "short", [
            ("sum by (cause) (increase(unpark_sink_failures_total[10m]))", "{{cause}}"),
            ("sum by (topic) (increase(unpark_sink_bad_records_total[10m])) > 0", "skipped of {{topic}}")]),
        ("Notifications that wait", "short", [("max by (receiver) (unpark_notify_pending)", "{{receiver}}")]),
        ("Notifications sent, failed, dropped", "short", [
            ("sum by (receiver) (increase(unpark_notify_sent_total[10m]))", "{{receiver}}"),
            ("sum by (receiver) (increase(unpark_notify_failures_total[10m]))", "{{receiver}}, failed"),
            ("max by (receiver, reason) (increase(unpark_notify_dropped_total[10m])) > 0", "{{receiver}}, dropped: {{reason}}")]),
    ]),
    ("Processes", [
        ("Heap", "bytes", [("sum by (instance) (jvm_memory_used_bytes{job=\"unpark\", area=\"heap\"})", "{{instance}}")]),
        ("CPU", "percentunit", [("process_cpu_usage{job=\"unpark\"}", "{{instance}}")]),
        ("Time in garbage collections", "percentunit", [
            ("sum by (instance) (rate(jvm_gc_pause_seconds_sum{job=\"unpark\"}[$__rate_interval]))", "{{instance}}")]),
    ]),
]

ANOMALIES = [
    ("Open anomalies", [
        ("By severity", "short", [("sum by (severity) (max without (instance, job) (unpark_sink_open_anomalies))", "{{severity}}")]),
        ("By service", "short", [("topk(20, sum by (service) (max without (instance, job) (unpark_sink_open_anomalies)))", "{{service}}")]),
        ("By kind", "short", [("sum by (kind) (max without (instance, job) (unpark_sink_open_anomalies))", "{{kind}}")]),
        ("Critical ones", "short", [
            ("max by (namespace, service, kind) (unpark_sink_open_anomalies{severity=\"critical\"})", "{{namespace}} {{service}}: {{kind}}")]),
        ("Changes told", "short", [("sum by (receiver) (increase(unpark_notify_sent_total[10m]))", "{{receiver}}")]),
    ]),
]


def panel(number, x, y, title, unit, queries):
    return {
        "id": number,
        "type": "timeseries",
        "title": title,
        "datasource": {"type": "prometheus", "uid": "${datasource}"},
        "gridPos": {"x": x, "y": y, "w": WIDTH, "h": HEIGHT},
        "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []},
        "options": {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi"}},
        "targets": [
            {"refId": chr(ord("A") + i), "expr": expr, "legendFormat": legend}
            for i, (expr, legend) in enumerate(queries)
        ],
    }


def dashboard(uid, title, rows):
    panels, y, number = [], 0, 1
    for row, row_panels in rows:
        panels.append({"id": number, "type": "row", "title": row, "collapsed": False, "panels": [],
                       "gridPos": {"x": 0, "y": y, "w": 24, "h": 1}})
        number, y = number + 1, y + 1
        for i, (name, unit, queries) in enumerate(row_panels):
            panels.append(panel(number, i % 3 * WIDTH, y + i // 3 * HEIGHT, name, unit, queries))
            number += 1
        y += (len(row_panels) + 2) // 3 * HEIGHT
    return {
        "uid": uid,
        "title": title,
        "tags": ["unpark"],
        "schemaVersion": 39,
        "timezone": "browser",
        "refresh": "30s",
        "time": {"from": "now-3h", "to": "now"},
        "templating": {"list": [
            {"name": "datasource", "type": "datasource", "query": "prometheus", "label": "Data source"}]},
        "panels": panels,
    }


def main():
    files = {
        "unpark-operations.json": dashboard("unpark-operations", "Unpark: operations", OPERATIONS),
        "unpark-anomalies.json": dashboard("unpark-anomalies", "Unpark: anomalies", ANOMALIES),
    }
    for name, content in files.items():
        text = json.dumps(content, indent=1) + "\n"
        if "--check" not in sys.argv:
            (FOLDER / name).write_text(text)
        elif (FOLDER / name).read_text() != text:
            sys.exit(f"{name} is not what dashboards.py writes; run it")


if __name__ == "__main__":
    main()
