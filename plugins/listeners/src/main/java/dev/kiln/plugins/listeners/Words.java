package dev.kiln.plugins.listeners;

import dev.kiln.spi.run.RunEvent;
import java.time.Duration;
import java.util.Locale;

/** Events in the words of the console; the same in every language of the system. */
final class Words {
    private Words() {}

    /** {@code step 120/600 loss 4.321 lr 1.00e-3 norm 0.91 12,345 tokens/s 2:31 left}. */
    static String progress(RunEvent.Step step, long steps, Duration left) {
        return format(
                "step %d/%d  loss %.3f  lr %s  norm %.2f  %,.0f tokens/s  %s left",
                step.step(),
                steps,
                step.loss(),
                scientific(step.learningRate()),
                step.gradientNorm(),
                step.tokensPerSecond(),
                clock(left));
    }

    /** The same without what a bar shows already. */
    static String besideBar(RunEvent.Step step, Duration left) {
        return format(
                "loss %.3f  %,.0f tokens/s  %s left",
                step.loss(), step.tokensPerSecond(), clock(left));
    }

    static String evaluated(RunEvent.Evaluated evaluated) {
        String text =
                format(
                        "step %d: held-out loss %.4f, perplexity %.2f",
                        evaluated.step(), evaluated.loss(), evaluated.perplexity());
        return Double.isNaN(evaluated.bitsPerByte())
                ? text
                : text + format(", bits per byte %.4f", evaluated.bitsPerByte());
    }

    static String scored(RunEvent.Scored scored) {
        StringBuilder text = new StringBuilder(format("step %d: %s", scored.step(), scored.part()));
        scored.scores().forEach((name, score) -> text.append(format(" %s %.4f,", name, score)));
        return text.append(format(" loss %.4f", scored.loss())).toString();
    }

    static String measured(RunEvent.Measured measured) {
        StringBuilder text = new StringBuilder(format("step %d:", measured.step()));
        measured.values().forEach((name, value) -> text.append(format(" %s %.4f", name, value)));
        return text.toString();
    }

    static String saved(RunEvent.Saved saved) {
        return format(
                "step %d: saved %s%s",
                saved.step(), saved.folder(), saved.best() ? ", the best so far" : "");
    }

    /** The model's text behind a bar of its own, so that it is not taken for Kiln's. */
    static String sampled(RunEvent.Sampled sampled) {
        String text = printable(sampled.prompt() + sampled.continuation()).strip();
        return format("step %d: the model writes", sampled.step())
                + System.lineSeparator()
                + "  | "
                + text.replace("\n", System.lineSeparator() + "  | ");
    }

    /** What a model writes must not move the cursor or change colours. */
    private static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> Character.isISOControl(c) && c != '\n' && c != '\t' ? 0xfffd : c)
                .forEach(printable::appendCodePoint);
        return printable.toString();
    }

    /** {@code 2:31} or {@code 1:02:31}. */
    static String clock(Duration time) {
        return time.toHours() > 0
                ? format("%d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart())
                : format("%d:%02d", time.toMinutes(), time.toSecondsPart());
    }

    /** {@code 1.00e-3}: without Java's leading zero of the exponent. */
    static String scientific(double value) {
        return format("%.2e", value).replaceFirst("e([+-])0", "e$1").replace("e+", "e");
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
