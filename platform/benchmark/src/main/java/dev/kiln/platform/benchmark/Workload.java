package dev.kiln.platform.benchmark;

import dev.kiln.platform.models.Backends;
import dev.kiln.platform.models.PrecisionChoice;
import dev.kiln.spi.Choice;
import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.training.Optimizer;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a benchmark of a model works with.
 *
 * @param model what it is called
 * @param vocabulary of the model
 * @param precision empty for the fastest that the backend has
 * @param context of the run: where paths begin
 */
public record Workload(
        String model,
        Choice<Backend> backend,
        Choice<ModelFamily> family,
        Choice<TaskHead> head,
        Choice<Optimizer> optimizer,
        int vocabulary,
        Optional<Precision> precision,
        Context context) {

    /** The backend, which the caller closes. */
    Backend open() {
        return Backends.create(backend, asked(), context);
    }

    /** What to compute in on an open backend. */
    Precision precision(Backend open) {
        return asked().on(open);
    }

    private PrecisionChoice asked() {
        return precision.map(PrecisionChoice::of).orElse(PrecisionChoice.AUTO);
    }

    /** The same with another optimizer. */
    public Workload with(Choice<Optimizer> other) {
        return new Workload(model, backend, family, head, other, vocabulary, precision, context);
    }

    ModelShape shape() {
        return family.create(context).shape(vocabulary);
    }

    /** The length of sequences, as {@code --context} says it. */
    public int length(Optional<Integer> asked, int usual) {
        return length("--context", asked, usual, shape().context());
    }

    /**
     * A length in tokens.
     *
     * @param option that says it
     * @param usual where nothing is asked, cut to the longest
     * @param longest the model's context
     * @throws InvalidInput when more is asked
     */
    static int length(String option, Optional<Integer> asked, int usual, int longest) {
        int length = asked.orElse(Math.min(usual, longest));
        if (length < 1 || length > longest) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: expected 1 to %,d, the model's context, got %,d",
                            option,
                            longest,
                            length));
        }
        return length;
    }

    /** What every benchmark says of itself first. */
    Map<String, Object> about(Backend open) {
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("model", model);
        about.put("precision", word(precision(open)));
        about.putAll(Machine.describe(backend.name(), open.capabilities()));
        return about;
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
