"""Counts tests in Swift Testing's event stream: verdict.py EVENTS STATUS-OF-SWIFT-TEST.

A test with many arguments is one test. One that is listed and never ended (a crash, a time-out) has failed.
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
    return [(name, verdicts.get(key, "failed"), reasons.get(key), key in verdicts) for key, name in names.items()]


try:
    with open(sys.argv[1], encoding="utf-8") as stream:
        tests = outcomes(stream)
except FileNotFoundError:
    tests = []
count = {verdict: sum(test[1] == verdict for test in tests) for verdict in ("passed", "failed", "skipped")}
for name, verdict, reason, ended in tests:
    if verdict == "skipped":
        print(f"skipped: {name}: {reason}")
    elif verdict == "failed":
        print(f"failed: {name}" + ("" if ended else ": it never ended"))
if sys.argv[2] != "0" and not count["failed"]:
    print(f"swift test ended with status {sys.argv[2]}")
print(f"{count['passed']} passed, {count['failed']} failed, {count['skipped']} skipped")
sys.exit(count["failed"] > 0 or count["passed"] == 0 or sys.argv[2] != "0")
