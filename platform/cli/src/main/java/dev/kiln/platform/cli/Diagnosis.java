package dev.kiln.platform.cli;

import dev.kiln.platform.runtime.AutoBackendFactory.Tried;
import dev.kiln.spi.backend.Capabilities;
import dev.kiln.spi.backend.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code kiln doctor} found.
 *
 * @param loaded plugins in use
 * @param refused a line for each other plugin, saying why
 * @param backends best first, as {@code auto} tries them
 */
record Diagnosis(
        Host host, JavaHere java, List<String> loaded, List<String> refused, List<Tried> backends) {
    private static final double GIB = 1 << 30;

    /** The backend that {@code auto} takes: the first that starts. */
    Optional<Tried> taken() {
        return backends.stream().filter(backend -> backend.capabilities().isPresent()).findFirst();
    }

    /** What would make it faster, or work at all; one sentence each. */
    List<String> advice() {
        List<String> advice = new ArrayList<>();
        if (taken().isEmpty()) {
            advice.add("no backend starts: nothing can be trained or written here");
        }
        adviseOnProcessor(advice);
        adviseOnMemory(advice);
        adviseOnBackend(advice);
        if (!refused.isEmpty()) {
            advice.add("plugins were refused: " + refused.size());
        }
        return advice;
    }

    private void adviseOnProcessor(List<String> advice) {
        if (host.lacksBfloat16()) {
            advice.add("the processor has no bfloat16 instructions: 'precision: auto' is float32");
        }
        if (host.instructions().filter(all -> !all.contains("avx2")).isPresent()
                && host.system().endsWith("amd64")) {
            advice.add("the processor has no AVX2: a newer one is several times as fast");
        }
        if (host.usableProcessors() < host.processors()) {
            advice.add(
                    String.format(
                            Locale.ROOT,
                            "%d of %d processors may be used: a container or an affinity mask limits them",
                            host.usableProcessors(),
                            host.processors()));
        } else if (host.usableProcessors() == 1) {
            advice.add("only 1 thread: a machine with more computes faster");
        }
    }

    private void adviseOnMemory(List<String> advice) {
        if (host.usableMemory() < host.memory()) {
            advice.add(
                    String.format(
                            Locale.ROOT,
                            "running in a container with less memory: %s of %s",
                            gib(host.usableMemory()),
                            gib(host.memory())));
        }
        if (host.hugePages().filter("never"::equals).isPresent()) {
            advice.add(
                    "huge pages are off: write 'madvise' into"
                            + " /sys/kernel/mm/transparent_hugepage/enabled");
        }
        if (!java.vectorApi()) {
            advice.add("Java was started without --add-modules jdk.incubator.vector");
        }
    }

    private void adviseOnBackend(List<String> advice) {
        for (Tried backend : backends) {
            if (backend.capabilities().isPresent()) {
                return;
            }
            advice.add(
                    String.format(
                            Locale.ROOT,
                            "backend %s does not start: %s",
                            backend.name(),
                            backend.reason()));
        }
    }

    String text() {
        StringBuilder text = new StringBuilder();
        json(host, java).forEach((section, lines) -> section(text, section, lines));
        text.append("plugins\n");
        line(text, "loaded", Integer.toString(loaded.size()));
        refused.forEach(line -> text.append("  ").append(line).append('\n'));
        text.append("backends\n");
        line(text, "auto takes", taken().map(Diagnosis::nameAndReason).orElse("none"));
        backends.forEach(backend -> line(text, backend.name(), state(backend)));
        text.append("what would help\n");
        List<String> advice = advice();
        advice.forEach(line -> text.append("  ").append(line).append('\n'));
        return text.append(advice.isEmpty() ? "  nothing that Kiln knows of\n" : "").toString();
    }

    private static String nameAndReason(Tried backend) {
        return backend.name() + ": " + backend.reason();
    }

    private static String state(Tried backend) {
        return backend.capabilities()
                .map(Diagnosis::words)
                .orElse("does not start: " + backend.reason());
    }

    private static String words(Capabilities here) {
        return here.device() + ", " + String.join(", ", types(here));
    }

    private static List<String> types(Capabilities here) {
        List<String> types = new ArrayList<>(List.of("float32"));
        if (here.types().contains(DType.BFLOAT16)) {
            types.add("bfloat16");
        }
        here.weightFormats().stream()
                .map(format -> format.name().toLowerCase(Locale.ROOT))
                .filter(name -> !types.contains(name))
                .sorted()
                .forEach(format -> types.add(format + " weights"));
        return types;
    }

    private static void section(StringBuilder text, String title, Map<String, Object> lines) {
        text.append(title).append('\n');
        lines.forEach(
                (name, value) -> {
                    if (value instanceof Long bytes) {
                        line(text, name.replaceFirst(" bytes$", ""), gib(bytes));
                    } else {
                        line(text, name, value instanceof List<?> list ? words(list) : "" + value);
                    }
                });
    }

    private static String words(List<?> list) {
        return String.join(" ", list.stream().map(Object::toString).toList());
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "  %-18s %s%n", name, value));
    }

    private static String gib(long bytes) {
        return String.format(Locale.ROOT, "%.1f GiB", bytes / GIB);
    }

    private static Map<String, Map<String, Object>> json(Host host, JavaHere java) {
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("processor", host.processor());
        host.instructions().ifPresent(all -> machine.put("instructions", List.copyOf(all)));
        machine.put("processors", host.processors());
        machine.put("usable processors", host.usableProcessors());
        machine.put("memory bytes", host.memory());
        machine.put("usable memory bytes", host.usableMemory());
        host.hugePages().ifPresent(pages -> machine.put("huge pages", pages));
        machine.put("system", host.system());
        Map<String, Object> runtime = new LinkedHashMap<>();
        runtime.put("version", java.version());
        runtime.put("home", java.home());
        runtime.put("came with Kiln", java.own());
        runtime.put("heap limit bytes", java.heapLimit());
        runtime.put("vector API", java.vectorApi());
        Map<String, Map<String, Object>> sections = new LinkedHashMap<>();
        sections.put("machine", machine);
        sections.put("java", runtime);
        return sections;
    }

    String json() {
        Map<String, Object> all = new LinkedHashMap<>(json(host, java));
        all.put("plugins", loaded);
        all.put("refused", refused);
        all.put("auto", taken().map(Tried::name).orElse("none"));
        all.put("backends", backends.stream().map(Diagnosis::object).toList());
        all.put("advice", advice());
        return new JsonText().value(all) + "\n";
    }

    private static Map<String, Object> object(Tried backend) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", backend.name());
        object.put("starts", backend.capabilities().isPresent());
        object.put("reason", backend.reason());
        backend.capabilities()
                .ifPresent(
                        here -> {
                            object.put("device", here.device());
                            object.put("threads", here.threads());
                            object.put("types", types(here));
                        });
        return object;
    }
}
