"""What every peer does: a round when a line comes, and its figures as one line of JSON."""

import argparse
import importlib.metadata
import json
import sys
import time

import torch


def arguments(about):
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--precision", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--compile", action="store_true", help="torch.compile")
    parser.add_argument("--threads", type=int, default=2)
    return parser


def prepare(threads):
    """Threads and seed, before anything is computed."""
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    torch.set_float32_matmul_precision("highest")


def about():
    versions = f"{torch.__version__}, transformers {importlib.metadata.version('transformers')}"
    return {"peer": "PyTorch", "version": versions}


def paced(prepared, round):
    """Says what was prepared, then runs `round()` for each line of standard input until its end."""
    print(json.dumps(prepared), flush=True)
    for _ in sys.stdin:
        wall, cpu = time.perf_counter(), time.process_time()
        figures = round()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        print(json.dumps({"figures": figures, "cores": cpu / wall}), flush=True)
