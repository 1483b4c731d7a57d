package dev.kiln.plugins.listeners;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.run.RunEvent;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlotListenerTest {
    @TempDir private Path run;
    @TempDir private Path other;

    @Test
    void thePictureShowsBothCurves() throws Exception {
        try (PlotListener listener = new PlotListener(run)) {
            train(listener, 0, 200, 200);
            listener.on(new RunEvent.Finished(""));
        }
        BufferedImage picture = ImageIO.read(run.resolve("loss.png").toFile());
        assertEquals(LossPlot.WIDTH, picture.getWidth());
        assertEquals(LossPlot.HEIGHT, picture.getHeight());
        assertTrue(count(picture, LossPlot.SMOOTHED.getRGB()) > 500);
        assertTrue(count(picture, LossPlot.HELD_OUT.getRGB()) > 500);
        try (Stream<Path> files = Files.list(run)) {
            assertEquals(
                    Set.of(run.resolve("loss.csv"), run.resolve("loss.png")),
                    files.collect(Collectors.toSet()));
        }
    }

    @Test
    void thePictureNeedsNoTemporaryFolder() throws Exception {
        ImageIO.setUseCache(true);
        try (PlotListener listener = new PlotListener(run)) {
            train(listener, 0, 2, 2);
            listener.on(new RunEvent.Finished(""));
        }
        assertFalse(ImageIO.getUseCache());
    }

    @Test
    void aResumedRunDrawsWhatAnUninterruptedOneDraws() throws Exception {
        try (PlotListener listener = new PlotListener(run)) {
            train(listener, 0, 130, 200);
        }
        try (PlotListener listener = new PlotListener(run)) {
            train(listener, 100, 200, 200);
        }
        try (PlotListener listener = new PlotListener(other)) {
            train(listener, 0, 200, 200);
        }
        assertEquals(
                Files.readAllLines(other.resolve("loss.csv")),
                Files.readAllLines(run.resolve("loss.csv")));
        assertArrayEquals(
                Files.readAllBytes(other.resolve("loss.png")),
                Files.readAllBytes(run.resolve("loss.png")));
    }

    @Test
    void thePointsAreThereAsCsv() throws Exception {
        try (PlotListener listener = new PlotListener(run)) {
            listener.on(Events.started(0, 2));
            listener.on(Events.step(1, 4.5));
            listener.on(Events.step(2, Double.NaN));
            listener.on(Events.evaluated(2, 4.25, 2));
        }
        assertEquals(
                List.of(
                        "step,tokens,training_loss,heldout_loss",
                        "1,1024,4.5,",
                        "2,2048,,",
                        "2,2048,,4.25"),
                Files.readAllLines(run.resolve("loss.csv")));
    }

    @Test
    void aRunThatFailsAtOnceDrawsNothing() throws Exception {
        try (PlotListener listener = new PlotListener(run)) {
            listener.on(Events.started(0, 2));
            listener.on(new RunEvent.Failed("no data"));
        }
        assertFalse(Files.exists(run.resolve("loss.png")));
    }

    @Test
    void oneValueIsEnoughForAPicture() throws Exception {
        try (PlotListener listener = new PlotListener(run)) {
            listener.on(Events.started(0, 2));
            listener.on(Events.step(1, 4.5));
            listener.on(new RunEvent.Failed("loss is NaN"));
        }
        assertTrue(Files.exists(run.resolve("loss.png")));
    }

    @Test
    void ticksAreRoundNumbers() {
        assertEquals(new Axis(2, 9, 1), Axis.around(2.3, 8.4, 7));
        assertEquals(new Axis(0, 700_000, 100_000), Axis.fromZero(700_000, 7));
        Axis narrow = Axis.around(3.01, 3.09, 5);
        assertEquals(6, narrow.ticks());
        assertEquals("3.02", narrow.plain(narrow.tick(1)));
        assertEquals(1, Axis.around(5, 5, 7).step());
        assertEquals(
                List.of("0", "250", "1 k", "1.5 M", "12.3 B", "100 k"),
                List.of(
                        Axis.count(0),
                        Axis.count(250),
                        Axis.count(1000),
                        Axis.count(1.5e6),
                        Axis.count(12.34e9),
                        Axis.count(100_000)));
    }

    @Test
    void aLongCurveKeepsItsShapeInBoundedMemory() {
        Series series = new Series();
        for (int i = 0; i < 1_000_000; i++) {
            series.add(i, 2.0 * i);
        }
        series.add(1e9, Double.NaN);
        assertTrue(series.size() < Series.CAPACITY, "size " + series.size());
        assertTrue(series.size() >= Series.CAPACITY / 4, "size " + series.size());
        for (int i = 0; i < series.size(); i++) {
            assertEquals(2 * series.x(i), series.y(i), 1e-6);
        }
        int middle = series.size() / 2;
        assertEquals(2 * series.x(middle), series.smoothed(middle), 1e-3);
        assertEquals(series.y(0), series.smoothed(0));
        assertEquals(2 * 999_999, series.last());
    }

    /** A loss that falls as a model's does, with noise that depends on the step only. */
    static void train(PlotListener listener, long first, long last, long steps) throws IOException {
        listener.on(Events.started(first, steps));
        for (long step = first + 1; step <= last; step++) {
            double falling = 3 + 5.3 * Math.exp(-0.02 * step) + 0.8 / Math.sqrt(step);
            listener.on(Events.step(step, falling + 0.08 * Randomness.normal(7, step)));
            if (step % 20 == 0) {
                listener.on(Events.evaluated(step, falling + 0.05, 2));
            }
        }
    }

    private static int count(BufferedImage picture, int color) {
        int count = 0;
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                count += picture.getRGB(x, y) == color ? 1 : 0;
            }
        }
        return count;
    }
}
