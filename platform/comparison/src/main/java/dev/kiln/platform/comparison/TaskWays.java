package dev.kiln.platform.comparison;

import dev.kiln.platform.evaluation.Figure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A task and how well it is done in each way.
 *
 * @param measure of all ways
 * @param examples the questions, the same for all ways
 */
record TaskWays(String task, String measure, int examples, List<Way> ways) {

    /** The ways' values by name, such as {@code wordnet-category/n-grams}. */
    Map<String, Double> named() {
        Map<String, Double> named = new LinkedHashMap<>();
        ways.forEach(way -> named.put(task + "/" + way.name(), way.figure().value()));
        return named;
    }

    Optional<Figure> figure(String way) {
        return ways.stream().filter(one -> one.name().equals(way)).map(Way::figure).findFirst();
    }
}
