"""Makes ../resources/transformers-samplers.txt: what Hugging Face's logits processors keep.

Needs torch and transformers (2.13.0 and 5.18.0 were used):

    python make_fixture.py

Every case is three lines: the options (temperature, topK, topP, minP, repetitionPenalty), then the
ids of the history, then the probabilities of all tokens after the processors. The logits are the
first line of the file.
"""

import pathlib

import torch
from transformers.generation import logits_process as processors

CASES = [
    (1.0, 0, 1.0, 0.0, 1.0),
    (0.7, 0, 1.0, 0.0, 1.0),
    (1.0, 5, 1.0, 0.0, 1.0),
    (1.0, 0, 0.9, 0.0, 1.0),
    (1.0, 0, 0.3, 0.0, 1.0),
    (1.0, 0, 0.01, 0.0, 1.0),
    (1.0, 0, 1.0, 0.1, 1.0),
    (1.0, 0, 1.0, 0.0, 1.3),
    (0.8, 20, 0.9, 0.05, 1.2),
    (1.5, 12, 0.8, 0.3, 0.8),
    (2.0, 200, 0.95, 0.02, 1.1),
]

torch.manual_seed(5)
logits = 2 * torch.randn(1, 64)
history = torch.randint(0, 64, (1, 30))


def process(temperature, top_k, top_p, min_p, penalty):
    """In the order in which transformers' generate() applies them."""
    scores = logits
    if penalty != 1:
        scores = processors.RepetitionPenaltyLogitsProcessor(penalty)(history, scores)
    if temperature != 1:
        scores = processors.TemperatureLogitsWarper(temperature)(history, scores)
    if top_k > 0:
        scores = processors.TopKLogitsWarper(top_k)(history, scores)
    if top_p < 1:
        scores = processors.TopPLogitsWarper(top_p)(history, scores)
    if min_p > 0:
        scores = processors.MinPLogitsWarper(min_p)(history, scores)
    return scores.double().softmax(-1)


def text(values):
    return " ".join(repr(value) for value in values)


lines = [text(logits[0].tolist())]
for case in CASES:
    lines += [text(case), text(history[0].tolist()), text(process(*case)[0].tolist())]
path = pathlib.Path(__file__).parent.parent / "resources" / "transformers-samplers.txt"
path.write_text("\n".join(lines) + "\n")
