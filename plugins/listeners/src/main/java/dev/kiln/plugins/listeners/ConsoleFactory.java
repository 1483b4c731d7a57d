package dev.kiln.plugins.listeners;

import dev.kiln.spi.Context;
import dev.kiln.spi.run.RunListener;
import dev.kiln.spi.run.RunListenerFactory;
import org.pf4j.Extension;

/** {@code console}: progress, measurements and samples on the standard output. */
@Extension
public final class ConsoleFactory implements RunListenerFactory<ConsoleOptions> {

    @Override
    public String name() {
        return "console";
    }

    @Override
    public Class<ConsoleOptions> options() {
        return ConsoleOptions.class;
    }

    @Override
    public RunListener create(ConsoleOptions options, Context context) {
        boolean bar =
                switch (options.progress()) {
                    case "bar" -> true;
                    case "lines" -> false;
                    default -> Terminal.isThere();
                };
        Screen screen =
                bar
                        ? new BarScreen(System.out, Terminal.width())
                        : new LineScreen(System.out, options.everySeconds(), options.everySteps());
        return new ConsoleListener(screen);
    }
}
