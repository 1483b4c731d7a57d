package dev.kiln.platform.config;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.platform.config.TestExtensions.PretrainOptions;
import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes run files to a folder and reads them. */
record Recipes(Path folder) {

    Path write(String name, String yaml) {
        try {
            return Files.writeString(folder.resolve(name), yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    RunConfig read(String yaml, String... overrides) {
        return read(write("x.yaml", yaml), overrides);
    }

    RunConfig read(Path file, String... overrides) {
        return new RunConfigReader(TestExtensions.CATALOG).read(file, List.of(overrides));
    }

    PretrainOptions options(String yaml, String... overrides) {
        return (PretrainOptions) read(yaml, overrides).options();
    }

    /** The message about this YAML, with the folder taken away. */
    String error(String yaml, String... overrides) {
        return error(write("x.yaml", yaml), overrides);
    }

    String error(Path file, String... overrides) {
        InvalidInput error = assertThrows(InvalidInput.class, () -> read(file, overrides));
        return error.getMessage().replace(folder + "/", "");
    }
}
