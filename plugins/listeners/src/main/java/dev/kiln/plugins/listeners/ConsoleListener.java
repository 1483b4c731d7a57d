package dev.kiln.plugins.listeners;

import dev.kiln.spi.run.RunEvent;
import dev.kiln.spi.run.RunListener;
import java.time.Duration;

/** Tells a run to a person. */
final class ConsoleListener implements RunListener {
    private final Screen screen;
    private long firstStep;
    private long steps;

    ConsoleListener(Screen screen) {
        this.screen = screen;
    }

    @Override
    public void on(RunEvent event) {
        switch (event) {
            case RunEvent.Started started -> start(started);
            case RunEvent.Step step -> screen.step(step, steps, left(step));
            case RunEvent.Evaluated evaluated -> screen.line(Words.evaluated(evaluated));
            case RunEvent.Scored scored -> screen.line(Words.scored(scored));
            case RunEvent.Saved saved -> screen.line(Words.saved(saved));
            case RunEvent.Sampled sampled -> screen.line(Words.sampled(sampled));
            case RunEvent.Notice notice -> screen.line("note: " + notice.message());
            case RunEvent.Finished finished -> end(finished.summary());
            case RunEvent.Failed failed -> end("failed: " + failed.message());
            case RunEvent.Measured measured -> screen.line(Words.measured(measured));
            default -> {} // of a later version
        }
    }

    private void start(RunEvent.Started started) {
        firstStep = started.firstStep();
        steps = started.steps();
        screen.line(started.title());
        if (firstStep > 0) {
            screen.line("resumed after step " + firstStep);
        }
        screen.start(started);
    }

    private void end(String text) {
        screen.end();
        screen.line(text);
    }

    /** As if the steps to come took as long as those since the start or the resume. */
    private Duration left(RunEvent.Step step) {
        double done = Math.max(1, step.step() - firstStep);
        double factor = (steps - step.step()) / done;
        return Duration.ofMillis(Math.round(step.elapsed().toMillis() * factor));
    }

    @Override
    public void close() {
        screen.end();
    }
}
