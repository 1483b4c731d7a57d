package dev.kiln.platform.runtime;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names the plugin whose code ends the process, which would otherwise end without a word and, as far
 * as its exit code tells, perhaps well. Such a process ends with 1, and at once: the thread that
 * called exit waits for all hooks, so none of them can wait for it.
 */
final class ExitHook implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ExitHook.class);
    private static final int FAILED = 1;

    private final Discovery discovery;
    private final Thread hook = new Thread(this::run, "kiln-exit");

    /** Looks at every end of the process from now on. */
    ExitHook(Discovery discovery) {
        this.discovery = discovery;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void run() {
        discovery.forget(); // It ends in order, so the next start need not name anybody.
        caller().ifPresent(ExitHook::end);
    }

    private static void end(PluginCode code) {
        System.out.flush();
        LOG.error(
                "{} ended Kiln: {} called System.exit; 'kiln plugins disable {}' turns it off",
                code.plugin(),
                code.method(),
                code.id());
        Runtime.getRuntime().halt(FAILED);
    }

    /** The plugin that called exit; empty when Kiln or a signal did. */
    private static Optional<PluginCode> caller() {
        List<StackTraceElement[]> exiting =
                Thread.getAllStackTraces().values().stream().filter(ExitHook::exits).toList();
        return exiting.stream().anyMatch(stack -> PluginCode.nearest(stack).isEmpty())
                ? Optional.empty()
                : exiting.stream().flatMap(s -> PluginCode.nearest(s).stream()).findFirst();
    }

    private static boolean exits(StackTraceElement... stack) {
        return Arrays.stream(stack)
                .anyMatch(
                        frame ->
                                frame.getClassName().equals(Runtime.class.getName())
                                        && frame.getMethodName().equals("exit"));
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending already.
        }
    }
}
