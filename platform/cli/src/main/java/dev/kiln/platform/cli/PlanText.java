package dev.kiln.platform.cli;

import dev.kiln.platform.models.MemoryCheck;
import dev.kiln.platform.planning.Plan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A plan as a table, or as JSON. */
final class PlanText {
    private final List<String> lines = new ArrayList<>();

    private PlanText() {}

    /**
     * @param speed floating-point operations in a second, if it is known
     */
    static String table(Plan plan, Optional<Double> speed) {
        PlanText text = new PlanText();
        text.parameters(plan);
        text.memory(plan);
        text.compute(plan, speed);
        return String.join("\n", text.lines) + "\n";
    }

    /** The same as JSON: bytes, FLOPs, seconds. */
    static String json(Plan plan, Optional<Double> speed) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("model", plan.model());
        object.put("layers", plan.shape().layers());
        object.put("width", plan.shape().width());
        object.put("heads", plan.shape().heads());
        object.put("context", plan.shape().context());
        object.put("vocabulary", plan.shape().vocabulary());
        object.put("parameters", plan.parameters());
        Map<String, Object> parts = new LinkedHashMap<>();
        plan.parts().forEach(part -> parts.put(part.name(), part.parameters()));
        object.put("parts", parts);
        object.put("memory", json(plan.memory()));
        object.put("compute", json(plan.compute(), speed));
        return new JsonText().value(object) + "\n";
    }

    private static Map<String, Object> json(Plan.Memory memory) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("training", memory.training());
        object.put("weights", memory.weights());
        object.put("gradients", memory.gradients());
        object.put("optimizer", memory.optimizer());
        object.put("activations", memory.activations());
        object.put("evaluation", memory.evaluation());
        object.put("process", memory.process());
        object.put("microBatch", memory.microBatch());
        object.put("kvCache", memory.cache());
        return object;
    }

    private static Map<String, Object> json(Plan.Compute compute, Optional<Double> speed) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("flopsPerToken", compute.perToken());
        object.put("products", compute.products());
        object.put("attention", compute.attention());
        object.put("tokens", compute.tokens());
        object.put("updates", compute.updates());
        object.put("flops", compute.total());
        speed.ifPresent(
                rate -> {
                    object.put("flopsPerSecond", rate);
                    object.put("seconds", compute.seconds(rate));
                });
        return object;
    }

    private void parameters(Plan plan) {
        lines.add(
                String.format(
                        Locale.ROOT,
                        "%s: %d layers, width %,d, %d heads, context %,d, vocabulary %,d",
                        plan.model(),
                        plan.shape().layers(),
                        plan.shape().width(),
                        plan.shape().heads(),
                        plan.shape().context(),
                        plan.shape().vocabulary()));
        title("parameters", String.format(Locale.ROOT, "%,d", plan.parameters()));
        plan.parts()
                .forEach(
                        part ->
                                row(
                                        part.name(),
                                        String.format(Locale.ROOT, "%,d", part.parameters())));
    }

    private void memory(Plan plan) {
        Plan.Memory memory = plan.memory();
        title("memory to train", MemoryCheck.words(memory.training()));
        row("weights", MemoryCheck.words(memory.weights()));
        row("gradients", MemoryCheck.words(memory.gradients()));
        row("optimizer state", MemoryCheck.words(memory.optimizer()));
        row(
                String.format(
                        Locale.ROOT,
                        "activations, %d × %,d tokens",
                        memory.microBatch(),
                        plan.shape().context()),
                MemoryCheck.words(memory.activations()));
        if (memory.evaluation() > memory.activations()) {
            row(
                    "more while measuring",
                    MemoryCheck.words(memory.evaluation() - memory.activations()));
        }
        row("process beside tensors", MemoryCheck.words(memory.process()));
        title("KV cache of a sequence", MemoryCheck.words(memory.cache()));
    }

    private void compute(Plan plan, Optional<Double> speed) {
        Plan.Compute compute = plan.compute();
        title("FLOPs of a token", power(compute.perToken()));
        row("products", power(compute.products()));
        row("attention", power(compute.attention()));
        title("FLOPs of the run", power(compute.total()));
        row("tokens", String.format(Locale.ROOT, "%,d", compute.tokens()));
        row("updates", String.format(Locale.ROOT, "%,d", compute.updates()));
        title(
                "time",
                speed.map(rate -> time(compute.seconds(rate)) + " at " + power(rate) + " FLOP/s")
                        .orElse("say how fast: --flops RATE or --measure"));
    }

    private void title(String name, String value) {
        lines.add(String.format(Locale.ROOT, "%-32s %22s", name, value).stripTrailing());
    }

    private void row(String name, String value) {
        title("  " + name, value);
    }

    private static String power(double value) {
        return String.format(Locale.ROOT, "%.3e", value).replace("e+", "e");
    }

    private static String time(double seconds) {
        double hours = seconds / 3600;
        if (hours < 1) {
            return String.format(Locale.ROOT, "%.1f minutes", seconds / 60);
        }
        return hours < 48
                ? String.format(Locale.ROOT, "%.1f hours", hours)
                : String.format(Locale.ROOT, "%,.1f days", hours / 24);
    }
}
