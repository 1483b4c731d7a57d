package dev.kiln.spi;

import java.nio.file.Path;
import java.util.stream.Stream;

/** What a factory may know of the run that it creates a component for. Thread-safe. */
@Stable
public interface Context {

    /** The run's seed. All of a component's randomness follows from it; see {@link Randomness}. */
    long seed();

    /**
     * A path as the user means it: an absolute one as it is, {@code ~/} from the home folder, any
     * other from the folder in which Kiln was started.
     */
    Path resolve(String path);

    /**
     * The folder that the run writes to. It may not exist yet: whether an existing one is an error, a
     * run to resume or welcome is the run's decision, and so is creating it. Its parent exists.
     */
    Path runFolder();

    /**
     * The training documents of the run, from the first on at every call, for components that learn
     * from the corpus (a tokenizer, say). The caller closes the stream.
     *
     * @throws InvalidInput when the run has no corpus of text
     */
    Stream<String> trainingDocuments();

    /**
     * The documents that the run holds out, from the first on at every call: to know their characters,
     * not to learn from. None where nothing is held out. The caller closes the stream.
     *
     * @throws InvalidInput when the run has no corpus of text
     */
    default Stream<String> heldOutDocuments() {
        return Stream.empty();
    }
}
