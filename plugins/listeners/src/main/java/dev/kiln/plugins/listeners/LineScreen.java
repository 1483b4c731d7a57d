package dev.kiln.plugins.listeners;

import dev.kiln.spi.run.RunEvent;
import java.io.PrintStream;
import java.time.Duration;

/** Progress as lines now and then, fit for a log file. */
final class LineScreen implements Screen {
    private final PrintStream out;
    private final double everySeconds;
    private final long everySteps;
    private double lastSeconds = Double.NEGATIVE_INFINITY;

    LineScreen(PrintStream out, double everySeconds, long everySteps) {
        this.out = out;
        this.everySeconds = everySeconds;
        this.everySteps = everySteps;
    }

    @Override
    public void line(String text) {
        out.println(text);
        out.flush();
    }

    @Override
    public void start(RunEvent.Started started) {}

    @Override
    public void step(RunEvent.Step step, long steps, Duration left) {
        double seconds = step.elapsed().toNanos() * 1e-9;
        boolean due =
                seconds - lastSeconds >= everySeconds
                        || step.step() == steps
                        || everySteps > 0 && step.step() % everySteps == 0;
        if (due) {
            lastSeconds = seconds;
            line(Words.progress(step, steps, left));
        }
    }

    @Override
    public void end() {}
}
