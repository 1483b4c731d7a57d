package dev.kiln.plugins.listeners;

import dev.kiln.spi.run.RunEvent;
import dev.kiln.spi.run.RunListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** One JSON object an event, each with its {@code time}, {@code event} and {@code step}. */
final class JsonlListener implements RunListener {
    private final Path file;
    private Optional<StepLog> log = Optional.empty();
    private long step;

    JsonlListener(Path file) {
        this.file = file;
    }

    @Override
    public void on(RunEvent event) throws IOException {
        if (event instanceof RunEvent.Started started) {
            step = started.firstStep();
            close();
            log = Optional.of(StepLog.open(file, step, EventJson::step, line -> {}));
        } else if (event instanceof RunEvent.Step done) {
            step = done.step();
        }
        if (log.isPresent()) {
            log.get().append(EventJson.text(event, step, Instant.now()));
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
