package dev.kiln.platform.benchmark;

import java.util.Map;

/**
 * Something that is measured again and again. Making one allocates and warms up, so that a round
 * measures the same as the next. Used by one thread at a time.
 */
public interface Benchmark extends AutoCloseable {

    /** The word behind {@code kiln bench}. */
    String name();

    /** What is measured, by name: texts, numbers and maps of them. Does not change. */
    Map<String, Object> about();

    /**
     * Measures once: for each row, such as a kernel, its figures by name. The first figure is the
     * one to compare; names say the unit. Every round has the same rows and figures.
     */
    Map<String, Map<String, Double>> round();

    /** Gives memory and threads back. */
    @Override
    void close();
}
