"""GPT-2's tokenizer beside tiktoken, GPT-1's beside transformers."""

from table import Row, Table


def tokenizers(kiln):
    table = Table("Tokenizers", "")
    table.rows.append(Row.not_run("tokenizers", "no script"))
    return table
