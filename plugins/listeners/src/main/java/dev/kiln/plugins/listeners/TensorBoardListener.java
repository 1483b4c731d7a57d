package dev.kiln.plugins.listeners;

import dev.kiln.spi.run.RunEvent;
import dev.kiln.spi.run.RunListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Scalars for TensorBoard: {@code train/loss}, {@code train/learning_rate}, {@code
 * train/gradient_norm}, {@code train/tokens_per_second}, {@code heldout/loss}, {@code
 * heldout/bits_per_byte}, and of a task's part {@code validation/accuracy} and the like. A resumed run begins a file of its own, which tells TensorBoard to forget
 * the steps that are done again.
 */
final class TensorBoardListener implements RunListener {
    private final Path folder;
    private final InstantSource clock = InstantSource.system();
    private Optional<EventFile> file = Optional.empty();

    TensorBoardListener(Path folder) {
        this.folder = folder;
    }

    @Override
    public void on(RunEvent event) throws IOException {
        switch (event) {
            case RunEvent.Started started -> {
                close();
                file = Optional.of(EventFile.create(folder, clock, started.firstStep()));
            }
            case RunEvent.Step step -> write(step.step(), scalars(step));
            case RunEvent.Evaluated evaluated -> write(evaluated.step(), scalars(evaluated));
            case RunEvent.Scored scored -> write(scored.step(), scalars(scored));
            case RunEvent.Measured measured -> write(measured.step(), measured.values());
            default -> {} // what is no figure
        }
    }

    private void write(long step, Map<String, Double> scalars) throws IOException {
        if (file.isPresent()) {
            file.get().scalars(step, scalars);
        }
    }

    private static Map<String, Double> scalars(RunEvent.Step step) {
        Map<String, Double> scalars = new LinkedHashMap<>();
        scalars.put("train/loss", step.loss());
        scalars.put("train/learning_rate", step.learningRate());
        scalars.put("train/gradient_norm", step.gradientNorm());
        scalars.put("train/tokens_per_second", step.tokensPerSecond());
        return scalars;
    }

    private static Map<String, Double> scalars(RunEvent.Evaluated evaluated) {
        Map<String, Double> scalars = new LinkedHashMap<>();
        scalars.put("heldout/loss", evaluated.loss());
        if (!Double.isNaN(evaluated.bitsPerByte())) {
            scalars.put("heldout/bits_per_byte", evaluated.bitsPerByte());
        }
        return scalars;
    }

    private static Map<String, Double> scalars(RunEvent.Scored scored) {
        Map<String, Double> scalars = new LinkedHashMap<>();
        scalars.put(scored.part() + "/loss", scored.loss());
        scored.scores().forEach((name, score) -> scalars.put(scored.part() + "/" + name, score));
        return scalars;
    }

    @Override
    public void close() throws IOException {
        if (file.isPresent()) {
            file.get().close();
            file = Optional.empty();
        }
    }
}
