package dev.kiln.plugins.bpe;

import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Range;

/** Options of {@code gpt1}. */
public record Gpt1Options(
        @Doc("folder with GPT-1's vocabulary, OpenAI's files or Hugging Face's; none: train one")
                @Default("''")
                String folder,
        @Doc("number of tokens to train: <unk>, the symbols, what is learned, and the end of text")
                @Default("4096")
                @Range(min = 3, max = 1_000_000)
                int vocabulary,
        @Doc("how often a pair must occur in the training text to become a token")
                @Default("2")
                @Range(min = 1)
                int minimumFrequency) {}
