package dev.kiln.platform.training;

import dev.kiln.spi.Choice;
import dev.kiln.spi.Context;
import dev.kiln.spi.run.RunEvent;
import dev.kiln.spi.run.RunListener;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes events on to the listeners. One that fails is reported, and not asked again. */
final class Events implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);

    private record Named(String name, RunListener listener) {}

    private final List<Named> listeners = new ArrayList<>();

    Events(List<Choice<RunListener>> choices, Context context) {
        for (Choice<RunListener> choice : choices) {
            listeners.add(new Named(choice.name(), choice.create(context)));
        }
    }

    void tell(RunEvent event) {
        listeners.removeIf(listener -> !hears(listener, event));
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
        listeners.forEach(Events::close);
        listeners.clear();
    }
}
