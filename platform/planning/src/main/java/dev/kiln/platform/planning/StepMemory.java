package dev.kiln.platform.planning;

import dev.kiln.platform.autograd.ActivationCheckpointing;
import dev.kiln.platform.models.MemoryCheck;
import dev.kiln.platform.training.TrainingWork;
import dev.kiln.spi.Choice;
import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.training.Optimizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Refuses training that does not fit into a backend's memory, and finds out, by planning it too,
 * what would. Used by one thread.
 */
public final class StepMemory {
    private final TrainingWork asked;
    private final Context context;
    private final Backend backend;
    private final Words words;
    private final long available;

    /**
     * How the user says what needs less.
     *
     * @param batch with a place for the number
     * @param evaluationBatch with a place for the number
     * @param compact the optimizer with less state, if there is one
     * @param state what chooses it
     */
    public record Words(
            String batch,
            String evaluationBatch,
            String checkpointing,
            String state,
            Optional<Choice<Optimizer>> compact) {}

    private StepMemory(TrainingWork asked, Context context, Backend backend, Words words) {
        this.asked = asked;
        this.context = context;
        this.backend = backend;
        this.words = words;
        this.available = backend.availableBytes();
    }

    /**
     * Checks that training fits.
     *
     * @param backend nothing allocated yet
     * @throws InvalidInput when it does not; says what it needs, what there is and what would fit
     */
    public static void require(TrainingWork work, Context context, Backend backend, Words words) {
        new StepMemory(work, context, backend, words).require();
    }

    private void require() {
        if (available < Long.MAX_VALUE) {
            MemoryCheck.require("training", bytes(asked), available, this::remedy);
        }
    }

    private long bytes(TrainingWork work) {
        return CountedStep.of(work, context).memory(work, backend::packedBytes).training();
    }

    private boolean fits(TrainingWork work) {
        return bytes(work) <= available;
    }

    /** Less work, and what the user says to get it. */
    private record Change(TrainingWork work, List<String> said) {
        Change and(TrainingWork less, String more) {
            List<String> all = new ArrayList<>(said);
            all.add(more);
            return new Change(less, all);
        }
    }

    private String remedy() {
        Change none = new Change(asked, List.of());
        String single =
                Stream.of(fewer(none), recomputing(none), compact(none))
                        .flatMap(Optional::stream)
                        .filter(change -> fits(change.work()))
                        .map(this::say)
                        .collect(Collectors.joining(" or "));
        if (!single.isEmpty()) {
            return single + " would fit";
        }
        Change recomputing = recomputing(none).orElse(none);
        Change least = compact(recomputing).orElse(recomputing);
        return Stream.of(Optional.of(least), fewer(least))
                .flatMap(Optional::stream)
                .filter(change -> fits(change.work()))
                .findFirst()
                .map(change -> say(change) + " would fit")
                .orElseGet(() -> "only a smaller model would fit, for " + tooMuch(least));
    }

    private String say(Change change) {
        return String.format(
                Locale.ROOT,
                "%s (%s)",
                String.join(" ", change.said()),
                MemoryCheck.words(bytes(change.work())));
    }

    private String tooMuch(Change least) {
        return say(narrowed(least, 1)) + " is too much";
    }

    private Optional<Change> recomputing(Change from) {
        return switch (from.work().checkpointing()) {
            case BLOCKS -> Optional.empty();
            case NONE -> {
                TrainingWork less = from.work().with(ActivationCheckpointing.BLOCKS);
                yield Optional.of(from.and(less, words.checkpointing()));
            }
        };
    }

    private Optional<Change> compact(Change from) {
        return words.compact()
                .map(optimizer -> from.work().with(optimizer))
                .filter(less -> isLess(less, from.work()))
                .map(less -> from.and(less, words.state()));
    }

    /** An optimizer may refuse to keep less of weights as large as these. */
    private boolean isLess(TrainingWork less, TrainingWork than) {
        try {
            return bytes(less) < bytes(than);
        } catch (InvalidInput refused) {
            return false;
        }
    }

    /** The most sequences at once that fit, if any do. */
    private Optional<Change> fewer(Change from) {
        int fit = 0;
        int tooMany = Math.max(from.work().batch(), from.work().evaluationBatch());
        while (tooMany - fit > 1) {
            int middle = fit + (tooMany - fit) / 2;
            if (fits(narrowed(from, middle).work())) {
                fit = middle;
            } else {
                tooMany = middle;
            }
        }
        return fit == 0 ? Optional.empty() : Optional.of(narrowed(from, fit));
    }

    /** Smaller batches to train on, and to measure on if that is not enough. */
    private Change narrowed(Change from, int most) {
        TrainingWork work = from.work();
        int batch = Math.min(work.batch(), most);
        Change training =
                batch == work.batch()
                        ? from
                        : from.and(
                                work.with(batch, work.evaluationBatch()),
                                String.format(Locale.ROOT, words.batch(), batch));
        return work.evaluationBatch() <= most || fits(training.work())
                ? training
                : training.and(
                        work.with(batch, most),
                        String.format(Locale.ROOT, words.evaluationBatch(), most));
    }
}
