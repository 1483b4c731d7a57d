package dev.kiln.platform.models;

import dev.kiln.platform.models.StoredModel.SavedTokenizer;
import dev.kiln.platform.storage.TokenizerFiles;
import dev.kiln.spi.Choice;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.text.TokenizerFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a model's folder has of a tokenizer. One that Kiln can't read keeps nothing else of the model
 * from being used, and its files are handed on as they are.
 *
 * @param named the tokenizer and its kind, where that is known
 * @param problem why it is not read, or that there is none; one line
 * @param files what it was read from
 */
public record StoredTokenizer(
        Optional<SavedTokenizer> named, Optional<String> problem, TokenizerFiles files) {

    /** A tokenizer that was read from no folder. */
    public static StoredTokenizer of(SavedTokenizer tokenizer) {
        return new StoredTokenizer(
                Optional.of(tokenizer),
                Optional.empty(),
                new TokenizerFiles(Path.of(""), List.of()));
    }

    /** No tokenizer that Kiln knows the kind of. */
    public static StoredTokenizer none(Path folder, TokenizerFiles files) {
        String problem = folder + ": has no tokenizer that Kiln reads";
        return new StoredTokenizer(Optional.empty(), Optional.of(problem), files);
    }

    /** Reads files as those of a kind. */
    static StoredTokenizer read(TokenizerFactory<?> factory, TokenizerFiles files)
            throws IOException {
        String name = factory.name();
        try {
            SavedTokenizer saved = new SavedTokenizer(name, factory.load(files.folder()));
            return new StoredTokenizer(Optional.of(saved), Optional.empty(), files);
        } catch (InvalidInput e) {
            String problem = "the tokenizer is not read: " + e.getMessage();
            SavedTokenizer saved = new SavedTokenizer(name, new AbsentTokenizer(problem));
            return new StoredTokenizer(Optional.of(saved), Optional.of(problem), files);
        }
    }

    /** This tokenizer, without the ids that a model's vocabulary lacks. */
    StoredTokenizer within(int vocabulary) {
        return new StoredTokenizer(
                named.map(
                        saved ->
                                problem.isEmpty() && ids() > vocabulary
                                        ? new SavedTokenizer(
                                                saved.name(),
                                                new FittedTokenizer(saved.tokenizer(), vocabulary))
                                        : saved),
                problem,
                files);
    }

    /** How many ids it has; 0 of one that is not read. */
    int ids() {
        return readable().map(saved -> saved.tokenizer().vocabularySize()).orElse(0);
    }

    /** The tokenizer, if Kiln reads it. */
    public Optional<SavedTokenizer> readable() {
        return problem.isPresent() ? Optional.empty() : named;
    }

    /** The tokenizer; one that says what is missing when it is asked, where it is not read. */
    Tokenizer ifNeeded() {
        return readable()
                .map(SavedTokenizer::tokenizer)
                .orElseGet(() -> new AbsentTokenizer(problem.orElseThrow()));
    }

    /** Its kind, for a run folder's config. */
    public Optional<Choice<Tokenizer>> choice() {
        return named.map(saved -> saved);
    }

    /** Whether there is nothing to {@link #save}. */
    public boolean isAbsent() {
        return named.isEmpty() && files.isEmpty();
    }

    /** Writes it into a folder; the files that it was read from stay as they are. */
    public void save(Path folder) throws IOException {
        if (readable().isPresent()) {
            readable().get().tokenizer().save(folder);
        }
        files.copyTo(folder);
    }
}
