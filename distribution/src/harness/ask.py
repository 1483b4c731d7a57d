"""Asks lm-evaluation-harness, in a process of its own. Writes its figures, each request with what
came of it, and how long the requests took."""

import argparse
import hashlib
import json
import os
import pathlib
import struct
import time

os.environ |= {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "TQDM_DISABLE": "1"}

import lm_eval
import torch
from lm_eval import simple_evaluate, utils
from lm_eval.models.huggingface import HFLM

# The harness's own tasks, which are to read a file in place of a hub's data set.
ACCURACIES = [{"metric": name} for name in ("acc", "acc_norm", "acc_bytes")]
TASKS = {
    "hellaswag": ("hellaswag/hellaswag", "validation", "hellaswag_val.jsonl", {"metric_list": ACCURACIES}),
    "lambada": ("lambada/lambada_standard", "test", "lambada_test.jsonl", {}),
    "wikitext": ("wikitext/wikitext", "test", "pages.jsonl", {}),
}


class Timed(HFLM):
    """Knows how long its requests took, with their encoding, without reading data and metrics."""

    seconds = 0.0

    def _timed(self, ask, requests, **options):
        begin = time.perf_counter()
        answers = ask(requests, **options)
        self.seconds += time.perf_counter() - begin
        return answers

    def loglikelihood(self, requests, **options):
        return self._timed(super().loglikelihood, requests, **options)

    def loglikelihood_rolling(self, requests, **options):
        return self._timed(super().loglikelihood_rolling, requests, **options)


def task(name, folder):
    """Writes the task's YAML, which includes the harness's."""
    base, split, file, rest = TASKS[name]
    own = {
        "include": str(pathlib.Path(lm_eval.__file__).parent / "tasks" / f"{base}.yaml"),
        "task": name,
        "dataset_path": "json",
        "dataset_name": None,
        "dataset_kwargs": {
            "data_files": {split: str(folder / file)},
            "cache_dir": str(folder / "cache"),
        },
        "training_split": None,
        "validation_split": None,
        "test_split": None,
        f"{split}_split": split,
    }
    path = folder / f"{name}.yaml"
    path.write_text(json.dumps(own | rest, indent=1))
    return str(path)


def key(context, continuation):
    """As Kiln's requests.txt has it: whoever finds it there has asked for the same tokens."""
    ids = [len(context), *context, *continuation]
    return "l" + hashlib.sha256(struct.pack(f">{len(ids)}i", *ids)).digest()[:16].hex()


def encoded(model, arguments):
    """The ids of a request, of a document those of each window."""
    if len(arguments) == 2:
        return [model._encode_pair(*arguments)]
    windows = utils.get_rolling_token_windows(
        token_list=model.tok_encode(arguments[0]),
        prefix_token=model.prefix_token_id,
        max_seq_len=model.max_length,
        context_len=1,
    )
    return [utils.make_disjoint_window(window) for window in windows]


def request(model, arguments, response):
    pair = len(arguments) == 2
    ids = encoded(model, arguments)
    return {
        "keys": [key(*one) for one in ids],
        "tokens": sum(len(continuation) for _, continuation in ids),
        "sum": response[0] if pair else response,
        "greedy": response[1] if pair else None,
    }


def of_task(model, result, name):
    """The figures by the harness's names, and the requests."""
    figures = {
        metric.removesuffix(",none"): value
        for metric, value in result["results"][name].items()
        if isinstance(value, float) and metric.endswith(",none")
    }
    requests = [
        request(model, arguments, response[0])
        for sample in result["samples"][name]
        for arguments, response in zip(sample["arguments"], sample["resps"], strict=True)
    ]
    return {"figures": figures, "requests": requests}


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("model", type=pathlib.Path)
    arguments.add_argument("data", type=pathlib.Path)
    arguments.add_argument("out", type=pathlib.Path)
    arguments.add_argument("--batch", type=int, required=True)
    arguments.add_argument("--limit", type=int, help="examples of each task")
    options = arguments.parse_args()
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    model = Timed(
        pretrained=str(options.model), device="cpu", dtype="float32", batch_size=options.batch
    )
    result = simple_evaluate(
        model=model,
        tasks=[task(name, options.data) for name in TASKS],
        limit=options.limit,
        bootstrap_iters=0,
    )
    answers = {"seconds": model.seconds, "threads": torch.get_num_threads()}
    if not options.limit:
        answers["tasks"] = {name: of_task(model, result, name) for name in TASKS}
    options.out.write_text(json.dumps(answers))


if __name__ == "__main__":
    main()
