"""What a comparison ran on."""

import datetime
import importlib.metadata
import os
import pathlib
import platform
import subprocess

from kiln import ROOT, jdk


def machine(packages):
    """Versions, of these Python packages too, processor and time of the run, as a table."""
    processor = platform.processor() or platform.machine()
    cpuinfo = pathlib.Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        processor = names[0].split(":")[1].strip() if names else processor
    java = subprocess.run([jdk("java"), "-version"], capture_output=True, text=True).stderr
    commit = subprocess.run(
        ["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True
    ).stdout.strip()
    rows = {
        "Kiln": f"commit {commit}",
        "Java": java.splitlines()[0],
        "Python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in packages},
        "processor": f"{processor}, {os.cpu_count()} threads",
        "system": f"{platform.system()} {platform.release()}",
        "day": datetime.date.today().isoformat(),
    }
    lines = ["## Versions and machine", "", "| | |", "| --- | --- |"]
    return "\n".join(lines + [f"| {key} | {value} |" for key, value in rows.items()]) + "\n"
