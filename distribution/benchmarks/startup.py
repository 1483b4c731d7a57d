#!/usr/bin/env python3
"""How long `kiln --help` takes beside `import transformers`, in turns.

    distribution/benchmarks/startup.py KILN PYTHON [ROUNDS]

KILN is bin/kiln of an unpacked archive, PYTHON one that has transformers. Prints medians and their
ratio; exits with 1 where Kiln takes more than a fifth.
"""

import statistics
import subprocess
import sys
import time

LARGEST_SHARE = 1 / 5


def seconds(command):
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main():
    kiln, python = sys.argv[1:3]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 15
    commands = {
        "kiln --help": [kiln, "--help"],
        "import transformers": [python, "-c", "import transformers"],
    }
    for command in commands.values():  # files into memory
        seconds(command)
    times = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            times[name].append(seconds(command))
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    for name, median in medians.items():
        taken = times[name]
        print(f"{name:20} median {median:.3f} s, {min(taken):.3f} to {max(taken):.3f}")
    share = medians["kiln --help"] / medians["import transformers"]
    print(f"{share:.3f} of the time, in {rounds} rounds of turns")
    return 0 if share <= LARGEST_SHARE else 1


if __name__ == "__main__":
    sys.exit(main())
