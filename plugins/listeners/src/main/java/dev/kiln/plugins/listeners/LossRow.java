package dev.kiln.plugins.listeners;

import dev.kiln.spi.run.RunEvent;

/**
 * A line of {@code loss.csv}: one loss, of training or held out; the other is NaN and empty in the
 * file.
 */
record LossRow(long step, long tokens, double training, double heldOut) {

    static LossRow of(RunEvent.Step step) {
        return new LossRow(step.step(), step.tokens(), step.loss(), Double.NaN);
    }

    static LossRow of(RunEvent.Evaluated evaluated) {
        return new LossRow(evaluated.step(), evaluated.tokens(), Double.NaN, evaluated.loss());
    }

    /**
     * @throws IllegalArgumentException when the line is not one of {@link #text}
     */
    static LossRow parse(String line) {
        String[] fields = line.split(",", -1);
        if (fields.length != 4) {
            throw new IllegalArgumentException("expected four fields: " + line);
        }
        return new LossRow(
                Long.parseLong(fields[0]),
                Long.parseLong(fields[1]),
                number(fields[2]),
                number(fields[3]));
    }

    String text() {
        return step + "," + tokens + "," + text(training) + "," + text(heldOut);
    }

    private static double number(String text) {
        return text.isEmpty() ? Double.NaN : Double.parseDouble(text);
    }

    private static String text(double value) {
        return Double.isFinite(value) ? Double.toString(value) : "";
    }
}
