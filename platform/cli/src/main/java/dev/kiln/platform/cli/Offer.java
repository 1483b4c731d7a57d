package dev.kiln.platform.cli;

import picocli.CommandLine.Model.ArgSpec;

/** What a shell offers where an argument or an option's value is expected. */
enum Offer {
    /** The words that {@link ManualPage#candidates} has. */
    WORDS,
    FOLDERS,
    /** Folders too, on the way to a file. */
    FILES,
    NOTHING;

    static Offer of(ArgSpec argument) {
        if (!ManualPage.candidates(argument).isEmpty()) {
            return WORDS;
        }
        return switch (argument.paramLabel()) {
            case "MODEL", "BASE", "ADAPTER", "RUN", "DIR", "FOLDER" -> FOLDERS;
            case "CONFIG", "key=value", "FILE", "FILE|DIR", "TEXTFILE", "ARCHIVE" -> FILES;
            default -> NOTHING;
        };
    }
}
