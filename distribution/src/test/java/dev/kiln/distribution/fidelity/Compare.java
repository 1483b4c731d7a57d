package dev.kiln.distribution.fidelity;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Compares fixtures from outside of the tests: {@code Compare HOME BACKEND FOLDER...}, where HOME is
 * an unpacked archive. Prints a JSON object a figure, one a line.
 */
public final class Compare {
    private Compare() {}

    public static void main(String[] arguments) {
        List<String> folders = Arrays.asList(arguments).subList(2, arguments.length);
        try (Installed kiln = Installed.at(Path.of(arguments[0]))) {
            folders.forEach(folder -> compare(kiln, arguments[1], Path.of(folder)));
        }
    }

    private static void compare(Installed kiln, String backend, Path folder) {
        try (Fixture fixture = Fixture.open(folder);
                Subject subject = Subject.open(fixture.model(), kiln, backend)) {
            new Comparison(fixture, subject)
                    .all(kiln::optimizer)
                    .forEach(row -> System.out.println(json(fixture, backend, row)));
        }
    }

    /** A figure that is no number is written as NaN, which Python reads. */
    private static String json(Fixture fixture, String backend, Row row) {
        return String.format(
                Locale.ROOT,
                "{\"fixture\": \"%s\", \"backend\": \"%s\", \"what\": \"%s\", \"measured\": %s,"
                        + " \"bar\": %s}",
                fixture.name(),
                backend,
                row.what(),
                row.measured(),
                row.bar());
    }
}
