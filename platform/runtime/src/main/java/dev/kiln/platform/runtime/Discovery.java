package dev.kiln.platform.runtime;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs plugins' code for the first time. That of others may do anything: it has a time limit, after
 * which its thread is left behind, and a {@link LoadingMark} for as long as it runs. Kiln's own
 * plugins are tested, so their start is not slowed down.
 */
final class Discovery {
    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);
    private static final String PROPERTY = "kiln.plugins.timeout";
    private static final String KILN = "Kiln";

    private final Installation installation;
    private final Duration limit;
    private volatile Optional<LoadingMark> mark = Optional.empty();

    private Discovery(Installation installation, Duration limit) {
        this.installation = installation;
        this.limit = limit;
    }

    /**
     * With the time limit of each plugin that {@code -Dkiln.plugins.timeout} gives in seconds, else 30.
     *
     * @throws InvalidInput when that is no number of at least 1
     */
    static Discovery in(Installation installation) {
        String text = System.getProperty(PROPERTY, "30");
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw new InvalidInput(
                    PROPERTY
                            + ": expected a number of seconds of at least 1, found '"
                            + text
                            + "'");
        }
        return new Discovery(installation, Duration.ofSeconds(Long.parseLong(text)));
    }

    /**
     * Has a plugin's code answer.
     *
     * @throws PluginRefused when the question throws that or anything else, or takes too long
     */
    <T> T ask(PluginInfo plugin, Callable<T> question) throws PluginRefused {
        FutureTask<T> answer = new FutureTask<>(question);
        if (plugin.pin().isEmpty() && plugin.provider().equals(KILN)) {
            answer.run();
            return get(answer, Thread.currentThread());
        }
        mark = mark(plugin);
        try {
            Thread asked = new Thread(answer, plugin.label());
            asked.setDaemon(true);
            asked.start();
            return get(answer, asked);
        } finally {
            forget();
        }
    }

    private <T> T get(FutureTask<T> answer, Thread asked) throws PluginRefused {
        try {
            return answer.get(limit.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof PluginRefused refused
                    ? refused
                    : PluginRefused.because("it cannot be loaded", e);
        } catch (TimeoutException e) {
            String place =
                    PluginCode.nearest(asked.getStackTrace())
                            .map(code -> " in " + code.method())
                            .orElse("");
            asked.interrupt();
            throw new PluginRefused(
                    "it did not answer within "
                            + limit.toSeconds()
                            + " s"
                            + place
                            + "; KILN_JAVA_OPTS=-D"
                            + PROPERTY
                            + "=SECONDS waits longer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw PluginRefused.because("it cannot be loaded", e);
        }
    }

    private Optional<LoadingMark> mark(PluginInfo plugin) {
        try {
            return Optional.of(LoadingMark.of(unpacked(plugin), plugin.label()));
        } catch (IOException e) {
            return Optional.empty(); // Where nothing can be written, a halt is not told of.
        }
    }

    private Path unpacked(PluginInfo plugin) {
        return installation.unpacked(
                plugin.pin().isPresent() ? installation.installed() : installation.plugins());
    }

    /** Takes the mark away. */
    void forget() {
        try {
            if (mark.isPresent()) {
                mark.get().close();
            }
        } catch (IOException e) {
            LOG.debug("a mark stays", e);
        }
    }

    /** Warns of the plugins that were being loaded when a process ended without a word. */
    void warnOfLeft(Path unpacked) {
        try {
            for (String label : LoadingMark.left(unpacked)) {
                LOG.warn(
                        "an earlier start ended while {} was being loaded; if it does again,"
                                + " 'kiln plugins disable {}' turns it off",
                        label,
                        label.split(" ")[1]);
            }
        } catch (IOException e) {
            LOG.debug("{} cannot be read", unpacked, e);
        }
    }
}
