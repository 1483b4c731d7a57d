package dev.kiln.plugins.listeners;

import dev.kiln.spi.run.RunEvent;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar at the bottom, lines above it. The bar has a thread that redraws it. */
final class BarScreen implements Screen {
    private static final String CLEAR = "\r\u001b[K";
    private static final int REDRAW_MILLIS = 500;

    private final PrintStream out;
    private final int width;
    private Optional<ProgressBar> bar = Optional.empty();
    private String drawn = "";

    BarScreen(PrintStream out, int width) {
        this.out = out;
        this.width = width;
    }

    @Override
    public void start(RunEvent.Started started) {
        end();
        bar =
                Optional.of(
                        ProgressBar.builder()
                                .setTaskName("step")
                                .setInitialMax(started.steps())
                                .startsFrom(started.firstStep(), Duration.ZERO)
                                .setStyle(style(out.charset()))
                                .setUpdateIntervalMillis(REDRAW_MILLIS)
                                .hideEta()
                                // Not its own consumer, which opens the terminal through JLine.
                                .setConsumer(
                                        new DelegatingProgressBarConsumer(this::redraw, width - 1))
                                .build());
    }

    private static ProgressBarStyle style(Charset charset) {
        return charset.equals(StandardCharsets.UTF_8)
                ? ProgressBarStyle.UNICODE_BLOCK
                : ProgressBarStyle.ASCII;
    }

    @Override
    public void step(RunEvent.Step step, long steps, Duration left) {
        bar.ifPresent(
                shown -> {
                    shown.stepTo(step.step());
                    shown.setExtraMessage(Words.besideBar(step, left));
                });
    }

    @Override
    public synchronized void line(String text) {
        out.print(CLEAR + text + System.lineSeparator() + drawn);
        out.flush();
    }

    private synchronized void redraw(String text) {
        drawn = text.replace("\r", "").stripTrailing();
        out.print(CLEAR + drawn);
        out.flush();
    }

    @Override
    public void end() {
        bar.ifPresent(ProgressBar::close);
        bar = Optional.empty();
        synchronized (this) {
            if (!drawn.isEmpty()) {
                out.println();
                out.flush();
                drawn = "";
            }
        }
    }
}
