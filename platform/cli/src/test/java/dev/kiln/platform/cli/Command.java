package dev.kiln.platform.cli;

import dev.kiln.platform.runtime.Installation;
import dev.kiln.platform.runtime.KilnRuntime;
import dev.kiln.platform.runtime.PlatformFactories;
import dev.kiln.spi.Factory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * What a command with {@link TinyParts} did.
 *
 * @param bytes of standard output that are data
 */
record Command(int exitCode, String out, String err, byte[] bytes) {

    static Command kiln(Path home, byte[] input, String... arguments) {
        return kiln(home, TinyParts.factories(), input, arguments);
    }

    /** As {@link #kiln(Path, byte[], String...)}, with other extensions. */
    static Command kiln(Path home, Factory<?, ?>[] factories, byte[] input, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        Installation installation = new Installation(home, home, home.resolve("data"));
        int exitCode =
                Kiln.execute(
                        new Services(
                                installation,
                                () ->
                                        KilnRuntime.start(
                                                installation,
                                                PlatformExtensions.module(),
                                                PlatformFactories.of(factories)),
                                new Pipes(new ByteArrayInputStream(input), data)),
                        new PrintWriter(out, true),
                        new PrintWriter(err, true),
                        arguments);
        return new Command(exitCode, out.toString(), err.toString(), data.toByteArray());
    }

    static Command kiln(Path home, String input, String... arguments) {
        return kiln(home, input.getBytes(StandardCharsets.UTF_8), arguments);
    }

    /** The data as text. */
    String data() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
