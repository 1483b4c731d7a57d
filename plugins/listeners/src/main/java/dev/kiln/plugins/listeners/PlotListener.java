package dev.kiln.plugins.listeners;

import dev.kiln.spi.run.RunEvent;
import dev.kiln.spi.run.RunListener;
import java.awt.AWTError;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import javax.imageio.ImageIO;

/**
 * Draws the loss at each evaluation and at the end. The points are kept in a file too, from which a
 * resumed run goes on; in memory they are as many as the picture can show.
 */
final class PlotListener implements RunListener {
    private static final String HEADER = "step,tokens,training_loss,heldout_loss";

    private final Path folder;
    private Optional<StepLog> log = Optional.empty();
    private LossHistory history = new LossHistory("");

    PlotListener(Path folder) {
        this.folder = folder;
    }

    @Override
    public void on(RunEvent event) throws IOException {
        switch (event) {
            case RunEvent.Started started -> start(started);
            case RunEvent.Step step -> add(LossRow.of(step));
            case RunEvent.Evaluated evaluated -> {
                add(LossRow.of(evaluated));
                draw();
            }
            case RunEvent.Finished _, RunEvent.Failed _ -> draw();
            default -> {} // no part of the curve
        }
    }

    private void start(RunEvent.Started started) throws IOException {
        close();
        history = new LossHistory(started.title());
        log =
                Optional.of(
                        StepLog.open(
                                folder.resolve("loss.csv"),
                                started.firstStep(),
                                line -> line.equals(HEADER) ? 0 : LossRow.parse(line).step(),
                                this::restore));
        if (started.firstStep() == 0) {
            log.get().append(HEADER);
        }
    }

    private void restore(String line) {
        if (!line.equals(HEADER)) {
            history.add(LossRow.parse(line));
        }
    }

    private void add(LossRow row) throws IOException {
        history.add(row);
        if (log.isPresent()) {
            log.get().append(row.text());
        }
    }

    /** Writes the picture beside its target, where nobody else can, then renames it. */
    private void draw() throws IOException {
        if (history.isEmpty()) {
            return;
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        // Else Java would write it to the temporary folder first.
        ImageIO.setUseCache(false);
        ImageIO.write(picture(), "png", png);
        Path own = Files.createTempDirectory(folder, ".loss-");
        Path file = own.resolve("loss.png");
        try {
            Files.write(file, png.toByteArray());
            Files.move(file, folder.resolve("loss.png"), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(file);
            Files.delete(own);
        }
    }

    private BufferedImage picture() throws IOException {
        // Else Java looks for a screen where DISPLAY is set, and may find none.
        if (System.getProperty("java.awt.headless") == null) {
            System.setProperty("java.awt.headless", "true");
        }
        try {
            return LossPlot.draw(history);
        } catch (AWTError | InternalError | LinkageError e) {
            throw new IOException("can't draw loss.png; are fontconfig and a font installed?", e);
        }
    }

    @Override
    public void close() throws IOException {
        if (log.isPresent()) {
            log.get().close();
            log = Optional.empty();
        }
    }
}
