"""What a checkpoint computes, as PyTorch has it: the numbers that Kiln is compared with."""

import copy

import torch
from torch.nn import functional as F

ADAMW = {
    "learningRate": 5e-3,
    "beta1": 0.9,
    "beta2": 0.95,
    "epsilon": 1e-8,
    "weightDecay": 0.1,
}
STEPS = 10
BATCH = 2
PROMPT = 4
# Two candidates for a greedy choice that are nearer than this could change places by rounding.
MARGIN = 1e-3


def run(model, ids):
    """Hidden states (embeddings' output first, the last after the final norm) and logits."""
    if hasattr(model, "config"):
        out = model(ids, output_hidden_states=True, use_cache=False)
        return list(out.hidden_states), out.logits
    return model(ids)


def loss_of(model, ids):
    """Mean over all next tokens, in nats."""
    logits = run(model, ids)[1]
    return F.cross_entropy(logits[:, :-1].flatten(0, 1), ids[:, 1:].flatten())


def gradients(model, ids):
    model.zero_grad()
    loss_of(model, ids).backward()
    named = {name: weight.grad.clone() for name, weight in model.named_parameters()}
    model.zero_grad()
    return named


def adamw_losses(model, ids):
    """The losses before each of ten steps on one batch, and after the last. Weights of two or more
    dimensions decay, biases and gains do not."""
    model = copy.deepcopy(model)
    weights = list(model.parameters())
    groups = [
        {
            "params": [w for w in weights if w.dim() >= 2],
            "weight_decay": ADAMW["weightDecay"],
        },
        {"params": [w for w in weights if w.dim() < 2], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(
        groups,
        lr=ADAMW["learningRate"],
        betas=(ADAMW["beta1"], ADAMW["beta2"]),
        eps=ADAMW["epsilon"],
    )
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = loss_of(model, ids)
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
    losses.append(loss_of(model, ids).item())
    return torch.tensor(losses)


@torch.no_grad()
def greedy(model, prompt, length):
    """The most likely token again and again, without a cache, until there are `length` ids."""
    ids = prompt.clone()[None]
    while ids.shape[1] < length:
        best = run(model, ids)[1][0, -1].topk(2)
        if best.values[0] - best.values[1] < MARGIN:
            raise ValueError("two next tokens are too near; take another seed")
        ids = torch.cat([ids, best.indices[None, :1]], dim=1)
    return ids[0]


@torch.no_grad()
def forward(model, ids):
    """What one pass gives, by name."""
    hidden, logits = run(model, ids)
    tensors = {f"hidden_states.{i}": state for i, state in enumerate(hidden)}
    return tensors | {"ids": ids.int(), "logits": logits}


def record(model, vocabulary, context, generator):
    """All of it, by name. The batch leaves a few positions of the context unused."""
    ids = torch.randint(vocabulary, (BATCH, context - PROMPT), generator=generator)
    tensors = forward(model, ids)
    tensors |= {
        "loss": loss_of(model, ids)[None],
        "adamw.losses": adamw_losses(model, ids),
        "greedy": greedy(model, ids[0, :PROMPT], context).int(),
    }
    tensors |= {f"gradient.{name}": value for name, value in gradients(model, ids).items()}
    return {name: value.detach().contiguous() for name, value in tensors.items()}
