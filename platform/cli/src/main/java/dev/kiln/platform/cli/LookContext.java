package dev.kiln.platform.cli;

import dev.kiln.platform.runtime.RunContext;
import java.nio.file.Path;

/** What verbs that look at a model tell the factories of its parts: there is no run. */
final class LookContext {
    private LookContext() {}

    static RunContext here() {
        Path start = Path.of("").toAbsolutePath();
        return new RunContext(0, start, Path.of(System.getProperty("user.home")), start);
    }
}
