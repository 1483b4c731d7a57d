"""Generation of PyTorch: transformers' GPT-2 with a KV cache, greedy, random weights."""

import time

import torch

import pace
from gpt2_sizes import SIZES


class Generation:
    def __init__(self, options):
        import transformers

        self.options = options
        size = SIZES[options.model]
        config = transformers.GPT2Config(
            vocab_size=size["vocabulary"],
            n_positions=size["context"],
            n_layer=size["layers"],
            n_head=size["heads"],
            n_embd=size["width"],
            attn_implementation="sdpa",
        )
        self.model = transformers.GPT2LMHeadModel(config).eval()
        self.model.to(getattr(torch, options.precision))
        self.vocabulary = size["vocabulary"]

    def pass_over(self, ids, cache):
        """The likeliest next token of each sequence, and the cache; logits of the last place only."""
        out = self.model(ids, past_key_values=cache, use_cache=True, logits_to_keep=1)
        return out.logits[:, -1:].argmax(-1), out.past_key_values

    def ids(self, streams, count):
        return torch.randint(self.vocabulary, (streams, count))

    @torch.inference_mode()
    def prompt(self):
        ids = self.ids(1, self.options.prompt)
        begin = time.perf_counter()
        self.pass_over(ids, None)
        seconds = time.perf_counter() - begin
        return {
            "tokensPerSecond": self.options.prompt / seconds,
            "milliseconds": 1000 * seconds,
        }

    @torch.inference_mode()
    def streams(self, count):
        """The rate after the first token. All prompts have one length: no padding is computed."""
        ids, cache = self.pass_over(self.ids(count, 64 if count == 1 else 35), None)
        begin = time.perf_counter()
        for _ in range(self.options.tokens - 1):
            ids, cache = self.pass_over(ids, cache)
        seconds = (time.perf_counter() - begin) / (self.options.tokens - 1)
        return {"tokensPerSecond": count / seconds, "milliseconds": 1000 * seconds}

    def round(self):
        rows = {"prompt": self.prompt(), "stream": self.streams(1)}
        if self.options.streams > 1:
            rows["streams"] = self.streams(self.options.streams)
        return rows


def main():
    parser = pace.arguments(__doc__)
    parser.add_argument("--model", choices=SIZES, default="gpt2-124m")
    parser.add_argument("--prompt", type=int, default=512)
    parser.add_argument("--tokens", type=int, default=128)
    parser.add_argument("--streams", type=int, default=16)
    options = parser.parse_args()
    pace.prepare(options.threads)
    generation = Generation(options)
    generation.round()
    pace.paced(pace.about(), generation.round)


if __name__ == "__main__":
    main()
