package dev.kiln.platform.models;

import dev.kiln.platform.autograd.Layouts;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.HeadRows;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.Ops;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.text.Tokenizer;
import java.util.Locale;

/**
 * A model that can be asked for the next token, and what is needed to ask it. Used by one thread at
 * a time.
 *
 * @param head scores over the vocabulary, or a task's
 * @param ids what texts begin and end with
 */
public record LanguageModel(
        Backend backend,
        Precision precision,
        Model model,
        TaskHead.Attached head,
        Tokenizer tokenizer,
        SpecialIds ids,
        Layouts layouts) {

    /** A model whose texts end as the tokenizer says. */
    public LanguageModel(
            Backend backend,
            Precision precision,
            Model model,
            TaskHead.Attached head,
            Tokenizer tokenizer,
            Layouts layouts) {
        this(backend, precision, model, head, tokenizer, SpecialIds.of(tokenizer), layouts);
    }

    /**
     * The ids of a prompt.
     *
     * @param specialTokens whether special tokens that it spells are taken as such
     * @throws InvalidInput when the tokenizer lacks a symbol of it
     */
    public int[] prompt(String text, boolean specialTokens) {
        Tokenizer reader = specialTokens ? tokenizer.withSpecialTokens() : tokenizer;
        return reader.asPrompt(reader.encode(text));
    }

    /**
     * What may come next: unnormalized scores, [rows, vocabulary].
     *
     * @throws InvalidInput when the head answers a task instead, as that of a fine-tuned model does
     */
    public Tensor nextTokens(Ops ops, Tensor hidden, HeadRows rows) {
        int vocabulary = model.shape().vocabulary();
        if (head.statesPerExample() == 1) {
            Tensor scores = head.scores(ops, hidden, rows);
            if (scores.shape().columns() == vocabulary) {
                return scores;
            }
        }
        throw new InvalidInput(
                String.format(
                        Locale.ROOT,
                        "the model's head answers a task; it has no score for each of the %,d tokens",
                        vocabulary));
    }
}
