#!/usr/bin/env python3
"""Precision and recall of the deadline kinds: score.py RECORDINGS JAR [--list]

Each run of each scenario is analysed by itself, its services together (a line names its service). A line is right when the
label has its service and kind, and its site is one of the label's; several right lines on one label count once."""
import collections, glob, json, os, subprocess, sys

KINDS = ("missing_deadline", "deadline_not_propagated", "deadline_extended", "deadline_exceeded", "work_after_deadline")
folder, jar = sys.argv[1:3]
tally, remarks = collections.defaultdict(collections.Counter), []
for path in sorted(glob.glob(folder + "/*.json")):
    label = json.load(open(path))
    command = ["java", "-jar", jar, "analyze", "--format", "jsonl"]
    for role, trace in label["traces"].items():
        command += ["--service", f"{role}={trace}"]
    command += [os.path.join(folder, trace) for trace in label["traces"].values()]
    said = [json.loads(line) for line in subprocess.run(command, capture_output=True, text=True).stdout.split("\n") if line]
    name, found = os.path.basename(path), set()
    for p in said:
        if p["kind"] not in KINDS:
            continue
        hits = [i for i, e in enumerate(label["expected"])
                if (e["service"], e["kind"]) == (p["service"], p["kind"]) and p["site"] in e["sites"]]
        found.update(hits)
        if not hits:
            tally[label["mode"], p["kind"]]["fp"] += 1
            remarks.append(f"FALSE  {name} {p['service']} {p['kind']} {p['site']} count={p['count']} {p['confidence']}: {p['summary']}")
    for i, e in enumerate(label["expected"]):
        if i in found or not e.get("optional"):
            tally[label["mode"], e["kind"]]["tp" if i in found else "fn"] += 1
        if i not in found and not e.get("optional"):
            remarks.append(f"MISSED {name} {e['service']} {e['kind']} {e['sites'][0]}")
for (mode, kind), c in sorted(tally.items()):
    ratio = lambda part, whole: f"{part / whole:.2f}" if whole else " -  "
    print(f"{mode:6s} {kind:26s} tp={c['tp']:3d} fp={c['fp']:3d} fn={c['fn']:3d} "
          f"P={ratio(c['tp'], c['tp'] + c['fp'])} R={ratio(c['tp'], c['tp'] + c['fn'])}")
if "--list" in sys.argv:
    print("\n".join(remarks))
