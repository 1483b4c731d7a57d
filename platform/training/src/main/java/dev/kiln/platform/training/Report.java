package dev.kiln.platform.training;

import dev.kiln.platform.inference.Generation;
import dev.kiln.platform.inference.Generator;
import dev.kiln.platform.inference.TextListener;
import dev.kiln.spi.run.RunEvent;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The end of a run: what the best model writes, and the figures. */
final class Report {
    private final SampleRequest samples;
    private final Trainee trainee;
    private final RunFolder folder;
    private final Events events;

    Report(SampleRequest samples, Trainee trainee, RunFolder folder, Events events) {
        this.samples = samples;
        this.trainee = trainee;
        this.folder = folder;
        this.events = events;
    }

    void write(TrainingLoop loop) throws IOException {
        loop.restoreBest();
        sample(loop.bestStep());
        events.tell(new RunEvent.Finished(summary(loop)));
    }

    private void sample(long step) throws IOException {
        List<String> prompts = samples.prompts();
        if (prompts.isEmpty()) {
            return;
        }
        List<Generation> written =
                new Generator(trainee.language())
                        .generate(samples.ids(), samples.request(), TextListener.NONE);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < written.size(); i++) {
            events.tell(new RunEvent.Sampled(step, prompts.get(i), written.get(i).text()));
            text.append(prompts.get(i)).append(written.get(i).text()).append("\n\n");
        }
        folder.write("samples.txt", text.toString());
    }

    private String summary(TrainingLoop loop) {
        String line =
                loop.result()
                                .map(result -> figures("held-out loss %.4f nats/token", result))
                                .orElse("nothing was held out to measure on")
                        + String.format(
                                Locale.ROOT, "   (step %,d, %s)%n", loop.step(), minutes(loop));
        String better =
                loop.bestStep() == loop.step()
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                "the best was step %,d with held-out loss %.4f; samples are from"
                                        + " there%n",
                                loop.bestStep(),
                                loop.best().orElseThrow().loss());
        String parts = loop.parts().stream().map(Report::line).collect(Collectors.joining());
        return line + parts + better + "run folder: " + folder.path();
    }

    private static String figures(String loss, HeldOut.Result result) {
        return String.format(
                Locale.ROOT,
                loss + "   perplexity %.2f   bits per byte %.4f",
                result.loss(),
                result.perplexity(),
                result.bitsPerByte());
    }

    private static String line(TrainingLoop.Part part) {
        String figures =
                part.result()
                        .map(result -> figures("loss %.4f", result))
                        .orElse("nothing held out");
        return String.format(
                Locale.ROOT,
                "  %s: %s   (%.1f %% of training, read %s times)%n",
                part.name(),
                figures,
                100 * part.share(),
                rounded(part.epochs()));
    }

    private static String rounded(double epochs) {
        return epochs < 10
                ? String.format(Locale.ROOT, "%.2f", epochs)
                : String.format(Locale.ROOT, "%,.0f", epochs);
    }

    private static String minutes(TrainingLoop loop) {
        long seconds = loop.time().toSeconds();
        return String.format(Locale.ROOT, "%d:%02d minutes", seconds / 60, seconds % 60);
    }
}
