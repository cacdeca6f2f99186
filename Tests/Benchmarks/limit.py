"""What this kernel lets one process send and receive: the bound for every other figure."""
import re
import subprocess

from side_by_side import median, table

RUNS, COUNT, BATCH = 5, 400_000, 64


def limit(receive):
    output = subprocess.run(["limit", str(COUNT), str(BATCH), str(receive), "198.19.0.0", "198.18.1.1"],
                            check=True, capture_output=True, text=True).stdout
    rate, received = re.search(r": (\d+)/s, received (\d+)", output).groups()
    return int(rate), int(received)


rows = []
for name, receive in (("sendmmsg and recvmmsg", 1), ("sendmmsg alone", 0)):
    runs = [limit(receive) for _ in range(RUNS)]
    lost = f"{COUNT - median(run[1] for run in runs):.0f}" if receive else "-"
    rows.append([name, f"{median(run[0] for run in runs):,.0f}/s", lost])
table(f"limit: {COUNT:,} raw echo requests round 65,536 hosts over veth, median of {RUNS} runs",
      ["", "rate", "lost"], rows)
