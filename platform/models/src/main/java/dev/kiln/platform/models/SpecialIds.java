package dev.kiln.platform.models;

import dev.kiln.spi.text.Tokenizer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The token ids that generation knows by their meaning. Immutable.
 *
 * @param beginning the id that a text begins with: {@code bos_token_id}
 * @param ends ids each of which ends a text, without repeats: {@code eos_token_id}
 * @param padding the id that fills up a batch: {@code pad_token_id}; Kiln keeps it and needs none
 */
public record SpecialIds(OptionalInt beginning, List<Integer> ends, OptionalInt padding) {
    /** No such ids. */
    public static final SpecialIds NONE =
            new SpecialIds(OptionalInt.empty(), List.of(), OptionalInt.empty());

    public SpecialIds {
        ends = List.copyOf(new LinkedHashSet<>(ends));
    }

    /** Those of a tokenizer alone: what it says that texts begin and end with. */
    public static SpecialIds of(Tokenizer tokenizer) {
        return new SpecialIds(
                tokenizer.beginningOfText(),
                tokenizer.endOfText().stream().boxed().toList(),
                OptionalInt.empty());
    }

    /** Whether an id ends a text. */
    public boolean isEnd(int id) {
        return ends.contains(id);
    }

    /** What an empty prompt starts from: the beginning's id, else the first of the ends. */
    public OptionalInt first() {
        return beginning.isPresent()
                ? beginning
                : ends.stream().mapToInt(Integer::intValue).findFirst();
    }

    /** These, without ids that a vocabulary lacks. */
    public SpecialIds within(int vocabulary) {
        return new SpecialIds(
                within(beginning.stream(), vocabulary),
                ends.stream().filter(id -> id >= 0 && id < vocabulary).toList(),
                within(padding.stream(), vocabulary));
    }

    private static OptionalInt within(IntStream id, int vocabulary) {
        return id.filter(value -> value >= 0 && value < vocabulary).findFirst();
    }

    /** These, and those of others for each meaning that has no id here. */
    public SpecialIds or(SpecialIds others) {
        return new SpecialIds(
                Stream.of(beginning, others.beginning)
                        .flatMapToInt(OptionalInt::stream)
                        .findFirst(),
                ends.isEmpty() ? others.ends : ends,
                Stream.of(padding, others.padding).flatMapToInt(OptionalInt::stream).findFirst());
    }
}
