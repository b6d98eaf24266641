#!/usr/bin/env python3
"""Counts per kind how many faults were found and how many recordings were flagged wrongly: score.py FOUND.jsonl FOLDER

FOUND.jsonl holds the lines of `unpark analyze --format jsonl FOLDER/perf`. A recording counts once for each kind; a kind that its label
tolerates is neither right nor wrong there. Unlike the corpus' own script this one also counts stw_pause and goroutine_surge.
"""
import collections, glob, json, os, sys

KINDS = ["mutex_contention", "gc_pressure", "sched_latency", "heap_growth", "blocked_too_long", "stw_pause", "goroutine_surge"]
said = collections.defaultdict(set)
for line in open(sys.argv[1]):
    d = json.loads(line)
    said[d["input"]].add(d["kind"])
count = collections.defaultdict(collections.Counter)
for path in sorted(glob.glob(os.path.join(sys.argv[2], "perf", "*.json"))):
    label = json.load(open(path))
    name = label["trace"].removesuffix(".xz")
    expected = {e["kind"] for e in label["expected_anomalies"]}
    tolerated = set(label["tolerated_kinds"] or []) - expected
    for kind in KINDS:
        if kind in tolerated:
            continue
        flagged = kind in said[name]
        outcome = ("found" if flagged else "missed") if kind in expected else ("flagged wrongly" if flagged else "silent")
        count[kind][outcome] += 1
        if outcome in ("missed", "flagged wrongly"):
            print(outcome, kind, name)
for kind in KINDS:
    c = count[kind]
    print(f"{kind:18s} found {c['found']} of {c['found'] + c['missed']}, flagged wrongly {c['flagged wrongly']} of {c['flagged wrongly'] + c['silent']}")
