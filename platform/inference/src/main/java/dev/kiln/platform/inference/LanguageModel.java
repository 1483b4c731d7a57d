package dev.kiln.platform.inference;

import dev.kiln.platform.autograd.Layouts;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.text.Tokenizer;

/**
 * A model that can be asked for the next token, and what is needed to ask it. Used by one thread at
 * a time.
 *
 * @param head scores over the vocabulary
 */
public record LanguageModel(
        Backend backend,
        Precision precision,
        Model model,
        TaskHead.Attached head,
        Tokenizer tokenizer,
        Layouts layouts) {}
