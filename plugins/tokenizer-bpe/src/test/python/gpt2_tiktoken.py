"""tiktoken's gpt2 encoding without a download: OpenAI's pattern, and the ranks in jtokkit's jar."""

import base64
import zipfile

import tiktoken
from tiktoken_ext.openai_public import r50k_pat_str

END = "<|endoftext|>"
RANKS = "com/knuddels/jtokkit/r50k_base.tiktoken"


def gpt2(jar):
    lines = zipfile.ZipFile(jar).read(RANKS).split(b"\n")
    pairs = (line.split() for line in lines if line)
    ranks = {base64.b64decode(token): int(rank) for token, rank in pairs}
    return tiktoken.Encoding(
        "gpt2", pat_str=r50k_pat_str, mergeable_ranks=ranks, special_tokens={END: 50256}
    )
