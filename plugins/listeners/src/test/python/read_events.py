"""Reads a run's event files with TensorBoard itself, which also checks the checksums.

Needs tensorboard (2.21.0 was used):

    python read_events.py RUN/tensorboard
"""

import sys

from tensorboard.backend.event_processing import event_accumulator

events = event_accumulator.EventAccumulator(sys.argv[1], size_guidance={"scalars": 0})
events.Reload()
print("file version", events.file_version)
for tag in events.Tags()["scalars"]:
    scalars = events.Scalars(tag)
    print(tag, len(scalars), "values", [(s.step, s.value) for s in scalars[-3:]])
