package dev.kiln.platform.models;

import dev.kiln.platform.storage.WeightSource;
import dev.kiln.spi.Choice;
import dev.kiln.spi.Context;
import dev.kiln.spi.NoOptions;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.text.Tokenizer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A model on disk: what it is, and where its weights are read from. Used by one thread.
 *
 * @param folder a run folder or a Hugging Face folder
 * @param vocabulary rows of the token embedding; at least the tokenizer's ids
 * @param text the tokenizer, read or not
 * @param generation what the folder says of generation
 * @param weights read until this is closed
 */
public record StoredModel(
        Path folder,
        Choice<ModelFamily> model,
        Choice<TaskHead> head,
        int vocabulary,
        StoredTokenizer text,
        GenerationDefaults generation,
        WeightSource weights)
        implements AutoCloseable {

    /**
     * A tokenizer and what reads it again. It was made before: options that made it say nothing now.
     *
     * @param name of its factory
     */
    public record SavedTokenizer(String name, Tokenizer tokenizer) implements Choice<Tokenizer> {
        @Override
        public Record options() {
            return new NoOptions();
        }

        @Override
        public Tokenizer create(Context context) {
            return tokenizer;
        }
    }

    /** The tokenizer, if the folder has one that Kiln reads. */
    public Optional<SavedTokenizer> tokenizer() {
        return text.readable();
    }

    /** What texts begin and end with: as the folder says, else the tokenizer's. */
    public SpecialIds specialIds() {
        SpecialIds said = generation.ids().within(vocabulary);
        return tokenizer().map(saved -> said.or(SpecialIds.of(saved.tokenizer()))).orElse(said);
    }

    /** The tokenizer; where there is none, one that says so when it is needed. */
    Tokenizer tokenizerIfNeeded() {
        return text.ifNeeded();
    }

    @Override
    public void close() {
        weights.close();
    }
}
