"""Runs commands in turn with launch.c, and prints tables."""
import collections
import statistics
import subprocess

Run = collections.namedtuple("Run", "wall processor memory status")


def launch(runs, commands):
    """The runs of each command, which are made alternately: whatever happens to the machine happens to all."""
    arguments = []
    for command in commands:
        arguments += ["--", *command] if arguments else command
    output = subprocess.run(["launch", str(runs), *arguments], check=True, capture_output=True, text=True).stdout
    results = [[] for _ in commands]
    for line in output.splitlines():
        which, wall, processor, memory, status = line.split()
        results[int(which)].append(Run(float(wall), float(processor), int(memory), int(status)))
    return results


def median(values):
    return statistics.median(list(values))


def table(title, columns, rows):
    print(f"\n{title}")
    cells = [columns, *[[str(cell) for cell in row] for row in rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(columns))]
    for row in cells:
        numbers = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))
        print("  " + "  ".join([row[0].ljust(widths[0]), *numbers]))
