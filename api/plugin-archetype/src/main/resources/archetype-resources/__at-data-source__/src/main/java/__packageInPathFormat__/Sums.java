package ${package};

import dev.kiln.spi.data.Split;
import dev.kiln.spi.data.TextSource;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Each pair of numbers below a bound; those with a last digit of 7 in both are held out. */
record Sums(int below) implements TextSource {

    @Override
    public Stream<String> documents(Split split) {
        return IntStream.range(0, below)
                .boxed()
                .flatMap(
                        a ->
                                IntStream.range(0, below)
                                        .filter(b -> split(a, b) == split)
                                        .mapToObj(b -> a + " + " + b + " = " + (a + b)));
    }

    private static Split split(int a, int b) {
        return a % 10 == 7 && b % 10 == 7 ? Split.HELD_OUT : Split.TRAIN;
    }

    @Override
    public List<String> prompts() {
        return List.of("7 + 7 =");
    }
}
