package dev.kiln.testkit;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Sizes at which kernels go wrong: 1, odd, prime, one past a power of two, and a few large. */
final class Sizes {
    private static final int[] SIZES = {1, 2, 3, 7, 16, 17, 31, 64, 127, 257};

    private Sizes() {}

    /** Rows and columns: every size as either, with partners that differ. */
    static Stream<Arguments> matrices() {
        Stream<Arguments> mixed =
                IntStream.range(0, SIZES.length)
                        .boxed()
                        .flatMap(
                                i ->
                                        Stream.of(
                                                Arguments.of(size(i), size(3 * i + 1)),
                                                Arguments.of(size(7 * i + 2), size(i))));
        Stream<Arguments> large =
                Stream.of(
                        Arguments.of(257, 257),
                        Arguments.of(3, 4099),
                        Arguments.of(1031, 5),
                        Arguments.of(64, 768));
        return Stream.concat(mixed, large);
    }

    /** Rows, inner length and columns of a product. */
    static Stream<Arguments> products() {
        Stream<Arguments> mixed =
                IntStream.range(0, SIZES.length)
                        .mapToObj(i -> Arguments.of(size(i), size(3 * i + 1), size(7 * i + 2)));
        Stream<Arguments> large =
                Stream.of(
                        Arguments.of(1, 1, 1),
                        Arguments.of(257, 1, 257),
                        Arguments.of(1, 1031, 1),
                        Arguments.of(127, 257, 63),
                        Arguments.of(33, 768, 129),
                        Arguments.of(5, 17, 1031));
        return Stream.concat(mixed, large);
    }

    /** Sequences, positions, heads and head size of attention. */
    static Stream<Arguments> attention() {
        return List.of(
                Arguments.of(1, 1, 1, 1),
                Arguments.of(1, 1, 3, 17),
                Arguments.of(2, 2, 1, 3),
                Arguments.of(1, 3, 2, 5),
                Arguments.of(3, 7, 3, 1),
                Arguments.of(2, 16, 4, 8),
                Arguments.of(1, 17, 5, 17),
                Arguments.of(2, 31, 2, 16),
                Arguments.of(1, 64, 3, 33),
                Arguments.of(2, 127, 2, 7),
                Arguments.of(1, 257, 1, 64),
                Arguments.of(1, 300, 2, 13))
                .stream();
    }

    /** Rows, width and vocabulary of the output projection. */
    static Stream<Arguments> projections() {
        return Stream.of(
                Arguments.of(1, 1, 1),
                Arguments.of(3, 7, 2),
                Arguments.of(17, 16, 257),
                Arguments.of(257, 5, 31),
                Arguments.of(65, 31, 4099),
                Arguments.of(130, 64, 1021),
                Arguments.of(3, 8, 50257));
    }

    /** A few rows and columns, for what was tried at all sizes in another type. */
    static Stream<Arguments> fewMatrices() {
        return Stream.of(
                Arguments.of(1, 1),
                Arguments.of(3, 7),
                Arguments.of(1, 257),
                Arguments.of(1031, 1),
                Arguments.of(17, 31),
                Arguments.of(64, 257),
                Arguments.of(5, 4099));
    }

    /** A few rows, inner lengths and columns of a product. */
    static Stream<Arguments> fewProducts() {
        return Stream.of(
                Arguments.of(1, 1, 1),
                Arguments.of(3, 7, 5),
                Arguments.of(1, 257, 33),
                Arguments.of(67, 5, 1),
                Arguments.of(17, 31, 16),
                Arguments.of(33, 768, 65));
    }

    /** Products that are cut over threads, one of them into several blocks of rows a thread. */
    static Stream<Arguments> fusedProducts() {
        return Stream.of(
                Arguments.of(17, 33, 67),
                Arguments.of(1, 33, 4099),
                Arguments.of(67, 31, 257),
                Arguments.of(517, 3, 2051));
    }

    /** A few sequences, positions, heads and head sizes of attention. */
    static Stream<Arguments> fewAttention() {
        return Stream.of(
                Arguments.of(1, 1, 1, 1),
                Arguments.of(1, 1, 3, 17),
                Arguments.of(2, 7, 3, 5),
                Arguments.of(2, 31, 2, 16),
                Arguments.of(1, 127, 2, 32),
                Arguments.of(1, 130, 3, 33));
    }

    private static int size(int i) {
        return SIZES[i % SIZES.length];
    }
}
