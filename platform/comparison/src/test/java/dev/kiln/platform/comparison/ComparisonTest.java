package dev.kiln.platform.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.platform.evaluation.Figure;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private final Comparison comparison =
            new Comparison(
                    List.of(
                            new TaskWays(
                                    "colours",
                                    "accuracy",
                                    1200,
                                    List.of(
                                            new Way("majority", figure(0.25, 0.2, 0.3)),
                                            new Way("prompt", figure(0.5, 0.45, 0.55)))),
                            new TaskWays(
                                    "words",
                                    "F1",
                                    7,
                                    List.of(new Way("prompt", figure(0.1, 0.1, 0.1))))));

    private static Figure figure(double value, double low, double high) {
        return new Figure("accuracy", value, low, high);
    }

    @Test
    void aRowForEachWayAndAColumnForEachTask() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        comparison.print(new PrintStream(out, true, StandardCharsets.UTF_8));
        assertEquals(
                """
                           colours                 words
                questions  1,200                   7
                measure    accuracy                F1
                majority   0.250 (0.200 to 0.300)  -
                prompt     0.500 (0.450 to 0.550)  0.100 (0.100 to 0.100)
                """,
                out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void theSameInMarkdown() {
        assertEquals(
                """
                |  | colours | words |
                | --- | --- | --- |
                | questions | 1,200 | 7 |
                | measure | accuracy | F1 |
                | majority | 0.250 (0.200 to 0.300) | - |
                | prompt | 0.500 (0.450 to 0.550) | 0.100 (0.100 to 0.100) |
                """,
                comparison.markdown());
    }
}
