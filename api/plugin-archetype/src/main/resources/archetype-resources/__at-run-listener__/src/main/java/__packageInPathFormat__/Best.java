package ${package};

import dev.kiln.spi.run.RunEvent;
import dev.kiln.spi.run.RunListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Rewrites its file whenever a step's loss is lower than all before it. */
final class Best implements RunListener {
    private final Path file;
    private double lowest = Double.POSITIVE_INFINITY;

    Best(Path file) {
        this.file = file;
    }

    @Override
    public void on(RunEvent event) throws IOException {
        if (event instanceof RunEvent.Step step && step.loss() < lowest) {
            lowest = step.loss();
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, "step " + step.step() + ": " + lowest);
        }
    }
}
