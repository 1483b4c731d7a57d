"""Writes adapters as peft saves them, on the tiny checkpoints of generate.py, and the logits that they
give. See README.md."""

import argparse
import json
import pathlib
import shutil

import peft
import torch
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM

# What each adapter is beside rank 3 and alpha 5.
ADAPTERS = {
    "openai-gpt": {"target_modules": ["c_attn", "c_proj", "c_fc"]},
    "gpt2": {
        "target_modules": ["c_attn", "c_proj", "c_fc"],
        "use_rslora": True,
        "rank_pattern": {"c_fc": 2},
        "alpha_pattern": {"h.0.mlp.c_fc": 9},
        "trainable_token_indices": [3, 7],
    },
    "gpt_neo": {"target_modules": ["q_proj", "v_proj", "out_proj"]},
}


def write(folder, checkpoint, options, seed):
    shutil.rmtree(folder, ignore_errors=True)
    generator = torch.Generator().manual_seed(seed)
    base = AutoModelForCausalLM.from_pretrained(checkpoint, dtype=torch.float32)
    config = peft.LoraConfig(
        r=3,
        lora_alpha=5,
        fan_in_fan_out=base.config.model_type != "gpt_neo",
        task_type="CAUSAL_LM",
        **options,
    )
    model = peft.get_peft_model(base, config).eval()
    with torch.no_grad():
        for weight in model.parameters():
            if weight.requires_grad:
                weight.normal_(0, 0.2, generator=generator)
        ids = torch.randint(base.config.vocab_size, (1, 13), generator=generator)
        logits = model(ids).logits[0]
    model.save_pretrained(folder)
    (folder / "README.md").unlink()
    file = folder / "adapter_config.json"
    said = json.loads(file.read_text()) | {"base_model_name_or_path": checkpoint.parent.name}
    said["target_modules"] = sorted(said["target_modules"])
    file.write_text(json.dumps(said, indent=2) + "\n")
    save_file({"ids": ids[0].int(), "logits": logits}, folder / "expected.safetensors")


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("checkpoints", type=pathlib.Path)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    torch.set_num_threads(1)
    for name, options in ADAPTERS.items():
        write(given.folder / name, given.checkpoints / name / "model", options, given.seed)


if __name__ == "__main__":
    main()
