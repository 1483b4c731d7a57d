package dev.kiln.platform.cli;

import dev.kiln.platform.runtime.RunContext;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option {@code --out} of verbs that make a folder. */
final class NewFolderOption {
    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            required = true,
            description = "The folder to make; it must not exist or be empty (required).")
    private String out = "";

    /** What {@code --out} says, seen from where the verb is called. */
    Path in(RunContext here) {
        return here.resolve(out);
    }

    /** A context whose run folder is the one to make. */
    RunContext context(RunContext here) {
        return new RunContext(here.seed(), here.startFolder(), here.userHome(), in(here));
    }
}
