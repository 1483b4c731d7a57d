"""Training steps of PyTorch: transformers' GPT-2 or the plain model of nanogpt.py."""

import math
import time

import torch

import pace
from gpt2_sizes import SIZES
from nanogpt import Gpt


def transformers_gpt2(vocabulary, context, layers, heads, width):
    """A function from ids and targets to the loss, and the model."""
    import transformers

    config = transformers.GPT2Config(
        vocab_size=vocabulary,
        n_positions=context,
        n_layer=layers,
        n_head=heads,
        n_embd=width,
        resid_pdrop=0,
        embd_pdrop=0,
        attn_pdrop=0,
        use_cache=False,
        attn_implementation="sdpa",
    )
    model = transformers.GPT2LMHeadModel(config)
    return model, lambda ids, targets: model(ids, labels=ids).loss


def nano(**size):
    model = Gpt(**size)
    return model, model


class Training:
    def __init__(self, options):
        self.options = options
        size = SIZES[options.model]
        make = {"transformers": transformers_gpt2, "nanogpt": nano}[options.code]
        self.model, loss = make(**size)
        self.model.train()
        self.optimizer = torch.optim.AdamW(
            self.model.parameters(), lr=1e-4, betas=(0.9, 0.95), weight_decay=0.1, fused=True
        )
        self.loss = torch.compile(loss) if options.compile else loss
        self.vocabulary = size["vocabulary"]

    def step(self):
        shape = (self.options.batch, self.options.context + 1)
        tokens = torch.randint(self.vocabulary, shape)
        ids, targets = tokens[:, :-1].contiguous(), tokens[:, 1:].contiguous()
        bfloat16 = self.options.precision == "bfloat16"
        with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
            loss = self.loss(ids, targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        return loss.item()

    def round(self):
        begin = time.perf_counter()
        for _ in range(self.options.steps):
            loss = self.step()
        seconds = (time.perf_counter() - begin) / self.options.steps
        tokens = self.options.batch * self.options.context
        if not math.isfinite(loss):
            raise ArithmeticError(f"the loss is {loss}")
        return {"step": {"tokensPerSecond": tokens / seconds, "milliseconds": 1000 * seconds}}


def main():
    parser = pace.arguments(__doc__)
    parser.add_argument("--model", choices=SIZES, default="gpt2-124m")
    parser.add_argument("--code", choices=["transformers", "nanogpt"], default="transformers")
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--context", type=int, default=256)
    parser.add_argument("--steps", type=int, default=1, help="of a round")
    parser.add_argument("--warmup", type=int, default=2, help="steps before the first round")
    options = parser.parse_args()
    pace.prepare(options.threads)
    training = Training(options)
    for _ in range(options.warmup):
        training.step()
    pace.paced(pace.about(), training.round)


if __name__ == "__main__":
    main()
