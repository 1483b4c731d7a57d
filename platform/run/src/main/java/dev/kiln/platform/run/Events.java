package dev.kiln.platform.run;

import dev.kiln.spi.Choice;
import dev.kiln.spi.Context;
import dev.kiln.spi.run.RunEvent;
import dev.kiln.spi.run.RunListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes events on to the listeners. One that fails is reported, and not asked again. */
public final class Events implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);

    private record Named(String name, RunListener listener) {}

    private final List<Named> listeners = new ArrayList<>();

    public Events(List<Choice<RunListener>> choices, Context context) {
        for (Choice<RunListener> choice : choices) {
            listeners.add(new Named(choice.name(), choice.create(context)));
        }
    }

    /** Also of a run that is being stopped: an interrupt would close the listeners' files. */
    public void tell(RunEvent event) {
        calmly(() -> listeners.removeIf(listener -> !hears(listener, event)));
    }

    /** Work that may fail. */
    @FunctionalInterface
    public interface Work<E extends Exception> {
        void run() throws E;
    }

    /** Does work, and tells why the run ends where it is stopped or fails. */
    public <E extends Exception> void during(Work<E> work) throws E {
        try {
            work.run();
        } catch (Stopped asked) {
            tell(new RunEvent.Finished(String.valueOf(asked.getMessage())));
            throw asked;
        } catch (Exception e) {
            failed(e);
            throw e;
        }
    }

    /** Tells why a run ends; of an error without a message, which one it is. */
    private void failed(Exception problem) {
        tell(
                new RunEvent.Failed(
                        Optional.ofNullable(problem.getMessage()).orElseGet(problem::toString)));
    }

    private static void calmly(Runnable calls) {
        boolean interrupted = Thread.interrupted();
        try {
            calls.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean hears(Named named, RunEvent event) {
        try {
            named.listener.on(event);
            return true;
        } catch (Exception e) {
            LOG.warn("listener '{}' failed and is left out: {}", named.name, e.toString());
            close(named);
            return false;
        }
    }

    private static void close(Named named) {
        try {
            named.listener.close();
        } catch (Exception e) {
            LOG.warn("listener '{}' could not be closed: {}", named.name, e.toString());
        }
    }

    @Override
    public void close() {
        calmly(() -> listeners.forEach(Events::close));
        listeners.clear();
    }
}
