package dev.kiln.plugins.wordnet;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Function;

/** Two things to be told apart. */
record Pair<T>(T first, T second) {

    /**
     * Pairs things of the same group, each with the first before it that fits and is still single.
     */
    static <T> List<Pair<T>> of(List<T> things, Function<T, String> group, BiPredicate<T, T> fits) {
        List<Pair<T>> pairs = new ArrayList<>();
        Map<String, List<T>> singles = new HashMap<>();
        for (T thing : things) {
            List<T> waiting = singles.computeIfAbsent(group.apply(thing), _ -> new ArrayList<>());
            Optional<T> partner =
                    waiting.stream().filter(other -> fits.test(other, thing)).findFirst();
            if (partner.isPresent()) {
                waiting.remove(partner.get());
                pairs.add(new Pair<>(partner.get(), thing));
            } else {
                waiting.add(thing);
            }
        }
        return pairs;
    }

    /** Each with itself and with the other, in turns. */
    <R> List<R> crossed(BiFunction<T, T, R> cross) {
        return List.of(
                cross.apply(first, first),
                cross.apply(first, second),
                cross.apply(second, second),
                cross.apply(second, first));
    }
}
