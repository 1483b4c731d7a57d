package dev.kiln.platform.cli;

import dev.kiln.platform.benchmark.Benchmark;
import dev.kiln.platform.benchmark.Machine;
import dev.kiln.platform.benchmark.Series;
import dev.kiln.platform.runtime.SpiVersion;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** How often a benchmark is run, and how its figures are printed. */
final class BenchRounds {
    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "How often to measure (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(
            names = "--paced",
            description = {
                "Measure a round for each line of standard input, until the input ends, and print its"
                        + " figures as a line of JSON: so several programs can take turns."
            })
    private boolean paced;

    void check() {
        BenchModel.expect("--rounds", rounds, 1, 100_000);
    }

    void run(Benchmark benchmark, Pipes pipes, PrintWriter out) throws IOException {
        if (paced) {
            pace(benchmark, pipes, out);
            return;
        }
        Series series = Series.of(benchmark, rounds);
        if (json) {
            Map<String, Object> object = head(benchmark);
            object.put("rounds", rounds);
            object.put("figures", BenchText.json(series));
            print(out, object);
        } else {
            BenchText.print(out, head(benchmark), series);
        }
    }

    private static void pace(Benchmark benchmark, Pipes pipes, PrintWriter out) throws IOException {
        print(out, head(benchmark));
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(pipes.in(), StandardCharsets.UTF_8));
        while (lines.readLine() != null) {
            print(out, Map.of("figures", benchmark.round()));
        }
    }

    private static Map<String, Object> head(Benchmark benchmark) {
        Map<String, Object> head = new LinkedHashMap<>();
        head.put("benchmark", benchmark.name());
        head.put("kiln", SpiVersion.current());
        head.put("machine", Machine.describe());
        head.put("about", benchmark.about());
        return head;
    }

    private static void print(PrintWriter out, Map<String, Object> object) {
        out.println(new JsonText().value(object));
        out.flush();
    }
}
