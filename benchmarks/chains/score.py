#!/usr/bin/env python3
"""How many chains end where the program was made to be slow: score.py RECORDINGS JAR"""
import glob, json, os, subprocess, sys

folder, jar = sys.argv[1:3]
right = total = 0
for path in sorted(glob.glob(folder + "/*.truth")):
    name = os.path.basename(path).removesuffix(".truth")
    truth = dict(line.strip().split("=", 1) for line in open(path))
    command = ["java", "-jar", jar, "analyze", "--format", "jsonl"]
    for part in ("front", "callee"):
        for trace in glob.glob(f"{folder}/{name}.{part}.trace*"):
            command += ["--service", f"{part}={trace}", trace]
    said = [json.loads(line) for line in subprocess.run(command, capture_output=True, text=True).stdout.split("\n") if line]
    slow = [a["evidence"] for a in said if a["kind"] == "slow_request" and a["service"] == "front"]
    is_right = len(slow) == 1 and slow[0].get("root_line", "").startswith(truth["function"] + " ") and all(
        slow[0].get(fact) == truth[key] for fact, key in
        (("root_kind", "kind"), ("root_reason", "reason"), ("root_service", "part")))
    total, right = total + 1, right + is_right
    shown = [f"{e.get('root_kind')} {e.get('root_reason')} {e.get('root_service')} {e.get('root_line')}" for e in slow]
    print("right" if is_right else "WRONG", name, *(shown or ["no slow request"]))
print(f"{right} of {total}")
