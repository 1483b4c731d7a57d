package dev.kiln.platform.cli;

import dev.kiln.platform.benchmark.Workload;
import dev.kiln.platform.benchmark.Workloads;
import dev.kiln.platform.runtime.KilnRuntime;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Precision;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which model is measured, and what computes it. */
final class BenchModel {
    @Option(
            names = "--model",
            paramLabel = "NAME",
            defaultValue = "gpt2-124m",
            description = {
                "gpt2-124m, gpt2-355m, gpt2-774m, gpt2-1558m, shakespeare-char, or a model family"
                        + " with its default options (default: ${DEFAULT-VALUE})."
            })
    private String model = "";

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "What computes (default: ${DEFAULT-VALUE}); 'kiln plugins' lists all.")
    private String backend = "";

    @Option(
            names = "--precision",
            paramLabel = "float32|bfloat16",
            description = "Of activations and products; if left out, the fastest there is.")
    private Optional<Precisions> precision = Optional.empty();

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads of the backend; if left out, what it takes by itself.")
    private Optional<Integer> threads = Optional.empty();

    /** The words of {@code --precision}. */
    enum Precisions {
        float32,
        bfloat16
    }

    Workload find(KilnRuntime kiln) {
        threads.ifPresent(count -> expect("--threads", count, 1, 1024));
        return kiln.injector()
                .getInstance(Workloads.class)
                .find(
                        model,
                        backend,
                        threads,
                        precision.map(
                                word -> Precision.valueOf(word.name().toUpperCase(Locale.ROOT))),
                        LookContext.here());
    }

    /** Checks a number that was given. */
    static void expect(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: expected %,d to %,d, got %,d",
                            option,
                            least,
                            most,
                            value));
        }
    }
}
