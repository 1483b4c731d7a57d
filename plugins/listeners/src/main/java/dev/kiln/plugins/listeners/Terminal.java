package dev.kiln.plugins.listeners;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** What the output goes to. */
final class Terminal {
    private static final int USUAL_WIDTH = 80;

    private Terminal() {}

    static boolean isThere() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /** Its columns, 80 where it does not say. */
    static int width() {
        try {
            Process stty =
                    new ProcessBuilder("stty", "size")
                            .redirectInput(new File("/dev/tty"))
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            if (!stty.waitFor(1, TimeUnit.SECONDS)) {
                stty.destroy();
                return USUAL_WIDTH;
            }
            String[] rowsAndColumns =
                    new String(stty.getInputStream().readAllBytes()).split("\\s+");
            int columns = Integer.parseInt(rowsAndColumns[1]);
            return columns > 0 ? columns : USUAL_WIDTH;
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
            return USUAL_WIDTH;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return USUAL_WIDTH;
        }
    }
}
