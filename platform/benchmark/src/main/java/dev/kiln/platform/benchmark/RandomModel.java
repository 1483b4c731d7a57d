package dev.kiln.platform.benchmark;

import dev.kiln.platform.autograd.Layouts;
import dev.kiln.platform.models.LanguageModel;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.WeightFormat;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.TaskHead;
import java.lang.foreign.Arena;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * The workload's model with random weights.
 *
 * @param format of its matrices; bfloat16 if empty, where the backend has it, else float32
 */
public record RandomModel(Optional<WeightFormat> format) implements ModelSource {

    @Override
    public Opened open(Workload workload, Backend backend, Scope scope) {
        WeightFormat chosen = choose(workload, backend);
        RandomWeights weights = new RandomWeights(backend, scope, form(backend, chosen));
        Model model =
                workload.family().create(workload.context()).build(weights, workload.vocabulary());
        TaskHead.Attached head =
                workload.head().create(workload.context()).attach(weights.in("head"), model);
        LanguageModel language =
                new LanguageModel(
                        backend,
                        workload.precision(backend),
                        model,
                        head,
                        new Wordless(workload.vocabulary()),
                        new Layouts());
        long bytes = weights.bytesPerToken(workload.vocabulary());
        return new Opened(language, Workload.word(chosen), OptionalLong.of(bytes), () -> {});
    }

    private WeightFormat choose(Workload workload, Backend backend) {
        Set<WeightFormat> has = new TreeSet<>(backend.capabilities().weightFormats());
        has.add(WeightFormat.FLOAT32);
        WeightFormat fallback =
                has.contains(WeightFormat.BFLOAT16) ? WeightFormat.BFLOAT16 : WeightFormat.FLOAT32;
        WeightFormat chosen = format.orElse(fallback);
        if (!has.contains(chosen)) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "--format: backend '%s' keeps no %s weights; it has %s",
                            workload.backend().name(),
                            Workload.word(chosen),
                            has.toString().toLowerCase(java.util.Locale.ROOT)));
        }
        return chosen;
    }

    /** The elements live until they are no longer reachable, as they would be in a mapped file. */
    private static RandomWeights.Form form(Backend backend, WeightFormat format) {
        return backend.capabilities().weightFormats().contains(format)
                ? new RandomWeights.Frozen(format, Arena.ofAuto())
                : new RandomWeights.Masters(false);
    }
}
