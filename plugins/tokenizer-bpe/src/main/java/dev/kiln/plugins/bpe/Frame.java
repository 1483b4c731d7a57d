package dev.kiln.plugins.bpe;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The ids that a tokenizer's files ask for before and after every text. Immutable. */
record Frame(List<Integer> before, List<Integer> after) {
    static final Frame NONE = new Frame(List.of(), List.of());

    Frame {
        before = List.copyOf(before);
        after = List.copyOf(after);
    }

    int[] around(int... ids) {
        IntStream text = IntStream.of(ids);
        return IntStream.concat(IntStream.concat(ints(before), text), ints(after)).toArray();
    }

    private static IntStream ints(List<Integer> ids) {
        return ids.stream().mapToInt(Integer::intValue);
    }

    Stream<Integer> ids() {
        return Stream.concat(before.stream(), after.stream());
    }
}
