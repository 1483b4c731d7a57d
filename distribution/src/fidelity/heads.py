"""Writes what transformers, PyTorch and peft compute with task heads and with low-rank adapters on
the tiny checkpoints of generate.py. See README.md."""

import argparse
import pathlib

import peft
import torch
import transformers
from safetensors.torch import save_file
from torch.nn import functional as F

import record

CLASSES = 3
CHOICES = 4
LANGUAGE_MODEL = 0.5
LORA = {"rank": 4, "alpha": 6, "targets": "attn.c_attn,mlp.c_fc"}


def load(family, folder):
    return family.from_pretrained(folder).eval()


def with_weights_of(model, base):
    """A model with another head on the same Transformer."""
    model.transformer.load_state_dict(base.transformer.state_dict())
    model.tie_weights()
    return model.eval()


def embedding_gradient(model, loss):
    model.zero_grad()
    loss.backward()
    return model.transformer.tokens_embed.weight.grad.clone()


def classification(base, draw):
    """OpenAIGPTForSequenceClassification, which reads the last token that is no padding."""
    config = base.config
    config.num_labels, config.pad_token_id = CLASSES, 0
    model = with_weights_of(
        transformers.OpenAIGPTForSequenceClassification(config), base
    )
    draw.normal_(model.score.weight)
    ids = draw.ids(2, 13)
    ids[0, 9:] = config.pad_token_id
    labels = torch.tensor([2, 0])
    out = model(ids, labels=labels)
    return {
        "ids": ids,
        "lengths": torch.tensor([9, 13]),
        "targets": labels,
        "weight": model.score.weight.T,
        "scores": out.logits,
        "loss": out.loss,
        "gradient": embedding_gradient(model, out.loss),
    }


def similarity(base, draw):
    """The states of both orders, added, before a linear layer."""
    ids = draw.ids(4, 11)
    labels = torch.tensor([1, 2])
    layer = torch.nn.Linear(base.config.n_embd, CLASSES)
    draw.normal_(layer.weight)
    draw.normal_(layer.bias)
    states = base.transformer(ids).last_hidden_state[:, -1]
    scores = layer(states[0::2] + states[1::2])
    loss = F.cross_entropy(scores, labels)
    return {
        "ids": ids,
        "lengths": torch.full((4,), 11),
        "targets": labels,
        "weight": layer.weight.T,
        "bias": layer.bias,
        "scores": scores,
        "loss": loss,
        "gradient": embedding_gradient(base, loss),
    }


def multiple_choice(base, draw):
    """OpenAIGPTDoubleHeadsModel with its own language-model loss as the auxiliary one. Its bias,
    which all choices share, is taken off the scores."""
    model = with_weights_of(transformers.OpenAIGPTDoubleHeadsModel(base.config), base)
    projection = model.multiple_choice_head.summary
    draw.normal_(projection.weight)
    draw.normal_(projection.bias)
    ids = draw.ids(2 * CHOICES, 12).view(2, CHOICES, 12)
    labels = torch.tensor([3, 1])
    last = torch.full((2, CHOICES), 11)
    out = model(ids, mc_token_ids=last, labels=ids, mc_labels=labels)
    objective = out.mc_loss + LANGUAGE_MODEL * out.loss
    return {
        "ids": ids.flatten(0, 1),
        "lengths": torch.full((2 * CHOICES,), 12),
        "targets": labels,
        "weight": projection.weight.T,
        "scores": out.mc_logits - projection.bias,
        "loss": out.mc_loss,
        "objective": objective,
        "gradient": embedding_gradient(model, objective),
    }


def lora(base, draw):
    """peft's adapters with a B that is not zero; the losses of ten steps of AdamW."""
    config = peft.LoraConfig(
        r=LORA["rank"],
        lora_alpha=LORA["alpha"],
        target_modules=LORA["targets"].split(","),
        fan_in_fan_out=True,
        task_type="CAUSAL_LM",
    )
    model = peft.get_peft_model(base, config).eval()
    kept = {}
    for name, weight in model.named_parameters():
        if "lora_" in name:
            draw.normal_(weight)
            bare = name.removeprefix("base_model.model.transformer.")
            kiln = bare.replace(".lora_", ".weight.lora_").replace(".default.weight", "")
            kept[kiln] = weight.detach().T.clone()
    ids = draw.ids(2, 15)
    kept |= {"ids": ids, "logits": model(ids).logits}
    kept["losses"] = steps(model, ids)
    return kept


def steps(model, ids):
    """Before each of the steps, and after the last."""
    learned = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(
        learned,
        lr=record.ADAMW["learningRate"],
        betas=(record.ADAMW["beta1"], record.ADAMW["beta2"]),
        eps=record.ADAMW["epsilon"],
        weight_decay=record.ADAMW["weightDecay"],
    )
    losses = []
    for _ in range(record.STEPS + 1):
        loss = F.cross_entropy(
            model(ids).logits[:, :-1].flatten(0, 1), ids[:, 1:].flatten()
        )
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return torch.tensor(losses)


class Draw:
    def __init__(self, seed, vocabulary):
        self.generator = torch.Generator().manual_seed(seed)
        self.vocabulary = vocabulary

    def ids(self, sequences, length):
        """Never 0, which is the padding."""
        return torch.randint(
            1, self.vocabulary, (sequences, length), generator=self.generator
        )

    def normal_(self, weight):
        with torch.no_grad():
            weight.normal_(0, 0.2, generator=self.generator)


def stored(tensor):
    tensor = tensor.detach().contiguous().clone()
    return tensor.int() if tensor.dtype == torch.int64 else tensor.reshape(tensor.shape or (1,))


def write(folder, checkpoints, seed):
    torch.set_num_threads(1)
    folder.mkdir(parents=True, exist_ok=True)
    gpt1 = checkpoints / "openai-gpt" / "model"
    gpt2 = checkpoints / "gpt2" / "model"
    for name, make in {
        "classification": classification,
        "similarity": similarity,
        "multiple-choice": multiple_choice,
    }.items():
        base = load(transformers.OpenAIGPTLMHeadModel, gpt1)
        save(folder / f"{name}.safetensors", make(base, Draw(seed, 97)), seed)
    base = load(transformers.GPT2LMHeadModel, gpt2)
    save(folder / "lora.safetensors", lora(base, Draw(seed, 97)), seed)


def save(file, tensors, seed):
    facts = {
        "seed": seed,
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "peft": peft.__version__,
        "languageModel": LANGUAGE_MODEL,
    } | LORA | record.ADAMW
    metadata = {key: str(value) for key, value in facts.items()}
    save_file({name: stored(t) for name, t in tensors.items()}, file, metadata=metadata)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("checkpoints", type=pathlib.Path)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    write(options.folder, options.checkpoints, options.seed)


if __name__ == "__main__":
    main()
