package dev.kiln.platform.models;

import dev.kiln.spi.Choice;
import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Precision;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Starts the backend of a run. */
public final class Backends {
    private Backends() {}

    /**
     * Creates the chosen backend, which the caller closes.
     *
     * @throws InvalidInput when it does not have the precision; says what it has
     */
    public static Backend create(Choice<Backend> choice, PrecisionChoice asked, Context context) {
        Backend backend = choice.create(context);
        Precision precision = asked.on(backend);
        if (!has(backend, precision)) {
            InvalidInput missing = missing(choice.name(), precision, backend);
            backend.close();
            throw missing;
        }
        return backend;
    }

    private static InvalidInput missing(String name, Precision precision, Backend backend) {
        String has =
                Arrays.stream(Precision.values())
                        .filter(other -> has(backend, other))
                        .map(Backends::word)
                        .collect(Collectors.joining(" and "));
        return new InvalidInput(
                String.format(
                        Locale.ROOT,
                        "precision: backend '%s' (%s) computes in %s, not in %s; give precision=float32 or"
                                + " another backend",
                        name,
                        backend.capabilities().device(),
                        has,
                        word(precision)));
    }

    static boolean has(Backend backend, Precision precision) {
        return backend.capabilities().types().contains(precision.activations());
    }

    private static String word(Precision precision) {
        return precision.name().toLowerCase(Locale.ROOT);
    }
}
