package dev.kiln.platform.cli;

import picocli.CommandLine.Option;

/** The option {@code --checkpoint} of verbs that take a run's model. */
final class CheckpointOption {
    @Option(
            names = "--checkpoint",
            paramLabel = "best|last",
            defaultValue = "best",
            description = "Which checkpoint of a run to take (default: ${DEFAULT-VALUE}).")
    private Words word = Words.best;

    /** The words that it takes. */
    private enum Words {
        best,
        last
    }

    boolean best() {
        return word == Words.best;
    }
}
