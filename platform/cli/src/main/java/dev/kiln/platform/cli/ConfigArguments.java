package dev.kiln.platform.cli;

import dev.kiln.platform.config.RunConfig;
import dev.kiln.platform.runtime.KilnRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Parameters;

/** The arguments of verbs that take a run file. */
final class ConfigArguments {
    @Parameters(index = "0", paramLabel = "CONFIG", description = "A run file, for example x.yaml.")
    private Path file = Path.of("");

    @Parameters(
            index = "1..*",
            paramLabel = "key=value",
            description = "Sets an option, for example model.layers=4; the value is YAML.")
    private List<String> overrides = new ArrayList<>();

    Path file() {
        return file;
    }

    RunConfig read(KilnRuntime kiln) {
        return kiln.configs().read(file, overrides);
    }
}
