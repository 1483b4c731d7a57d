package dev.kiln.platform.comparison;

import dev.kiln.platform.evaluation.Figure;
import java.util.List;
import java.util.Optional;

/**
 * A task and how well it is done in each way.
 *
 * @param measure of all ways
 * @param examples the questions, the same for all ways
 */
record TaskWays(String task, String measure, int examples, List<Way> ways) {

    Optional<Figure> figure(String way) {
        return ways.stream().filter(one -> one.name().equals(way)).map(Way::figure).findFirst();
    }
}
