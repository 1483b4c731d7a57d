package dev.kiln.platform.cli;

import dev.kiln.spi.Context;
import dev.kiln.spi.NoOptions;
import dev.kiln.spi.run.Run;
import dev.kiln.spi.run.RunFactory;

/** A plugin's run that does at one place, {@code -Dunruly=PLACE-DEED}, what no plugin should. */
public final class UnrulyRun implements RunFactory<NoOptions> {
    private static final String PLAN = System.getProperty("unruly", "");

    static {
        reach("initializer");
    }

    private static void reach(String place) {
        if (!PLAN.startsWith(place + "-")) {
            return;
        }
        switch (PLAN.substring(place.length() + 1)) {
            case "exit" -> System.exit(7);
            case "exit-as-if-well" -> System.exit(0);
            case "halt" -> Runtime.getRuntime().halt(9);
            case "sleep" -> sleep();
            case "close" -> {
                System.out.close();
                System.err.close();
            }
            case "throw" -> throw new IllegalArgumentException("not\nthis");
            case "overflow" -> reach(place);
            default -> throw new AssertionError(PLAN);
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException e) {
            sleep();
        }
    }

    @Override
    public String name() {
        reach("name");
        return "unruly";
    }

    @Override
    public Class<NoOptions> options() {
        reach("options");
        return NoOptions.class;
    }

    @Override
    public Run create(NoOptions options, Context context) {
        reach("create");
        return new Run() {
            @Override
            public void execute() {
                reach("run");
            }
        };
    }
}
