"""Counts tests in Swift Testing's event streams: verdict.py EVENTS STATUS-OF-SWIFT-TEST [EVENTS STATUS]…

A test with many arguments is one test. One that is listed and never ended (a crash, a time-out) has failed. One that is
in several streams has passed where it did so in one and was skipped in the others.
"""
import json
import sys


def outcomes(lines):
    """Of every test function: its name, "passed", "failed" or "skipped", why it was skipped, and whether it ended."""
    names, verdicts, reasons = {}, {}, {}
    for line in lines:
        try:
            record = json.loads(line)
        except ValueError:
            continue  # the line that was being written when the process died
        payload = record["payload"]
        identifier = payload.get("testID")
        if record["kind"] == "test":
            if payload["kind"] == "function":
                names[payload["id"]] = payload.get("displayName", payload["name"])
        elif payload["kind"] in ("testSkipped", "testCancelled"):
            verdicts[identifier] = "skipped"
            reasons[identifier] = " ".join(payload.get("_comments", [])) or "no reason given"
        elif payload["kind"] == "testEnded" and identifier not in reasons:
            failed = any(message["symbol"] == "fail" for message in payload["messages"])
            verdicts[identifier] = "failed" if failed else "passed"
    return {key: (name, verdicts.get(key, "failed"), reasons.get(key), key in verdicts) for key, name in names.items()}


def merge(runs):
    """Of every test the outcome that counts most."""
    weight = ("skipped", "passed", "failed").index
    tests = {}
    for run in runs:
        for key, test in run.items():
            if key not in tests or weight(test[1]) > weight(tests[key][1]):
                tests[key] = test
    return list(tests.values())


runs = []
for path in sys.argv[1::2]:
    try:
        with open(path, encoding="utf-8") as stream:
            runs.append(outcomes(stream))
    except FileNotFoundError:
        pass
statuses = sys.argv[2::2]
tests = merge(runs)
count = {verdict: sum(test[1] == verdict for test in tests) for verdict in ("passed", "failed", "skipped")}
for name, verdict, reason, ended in tests:
    if verdict == "skipped":
        print(f"skipped: {name}: {reason}")
    elif verdict == "failed":
        print(f"failed: {name}" + ("" if ended else ": it never ended"))
if any(status != "0" for status in statuses) and not count["failed"]:
    print(f"swift test ended with status {', then '.join(statuses)}")
print(f"{count['passed']} passed, {count['failed']} failed, {count['skipped']} skipped")
sys.exit(count["failed"] > 0 or count["passed"] == 0 or any(status != "0" for status in statuses))
