package dev.kiln.platform.training;

import dev.kiln.platform.inference.Generation;
import dev.kiln.platform.inference.GenerationRequest;
import dev.kiln.platform.inference.Generator;
import dev.kiln.platform.inference.TextListener;
import dev.kiln.spi.Context;
import dev.kiln.spi.data.DataSource;
import dev.kiln.spi.run.RunEvent;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** The end of a run: what the best model writes, and the figures. */
final class Report {
    private final PretrainOptions options;
    private final Context context;
    private final Trainee trainee;
    private final RunFolder folder;
    private final Events events;

    Report(
            PretrainOptions options,
            Context context,
            Trainee trainee,
            RunFolder folder,
            Events events) {
        this.options = options;
        this.context = context;
        this.trainee = trainee;
        this.folder = folder;
        this.events = events;
    }

    void write(DataSource source, TrainingLoop loop) throws IOException {
        loop.restoreBest();
        sample(source, loop.best().step());
        events.tell(new RunEvent.Finished(summary(loop)));
    }

    private void sample(DataSource source, long step) throws IOException {
        List<String> prompts = options.samples().prompts().orElseGet(source::prompts);
        if (prompts.isEmpty() || options.samples().maxTokens() == 0) {
            return;
        }
        GenerationRequest request =
                new GenerationRequest(
                        options.samples().maxTokens(),
                        options.samples().sampler().create(context),
                        options.samples().stop(),
                        context.seed());
        List<Generation> written =
                new Generator(trainee.language())
                        .generate(
                                prompts.stream()
                                        .map(
                                                trainee.language()
                                                                .promptTokenizer(
                                                                        options.samples()
                                                                                .specialTokens())
                                                        ::encode)
                                        .toList(),
                                request,
                                TextListener.NONE);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < written.size(); i++) {
            events.tell(new RunEvent.Sampled(step, prompts.get(i), written.get(i).text()));
            text.append(prompts.get(i)).append(written.get(i).text()).append("\n\n");
        }
        folder.write("samples.txt", text.toString());
    }

    private String summary(TrainingLoop loop) {
        HeldOut.Result result = loop.result();
        String line =
                "held-out loss %.4f nats/token   perplexity %.2f   bits per byte %.4f   (step %,d, %s)%n"
                        .formatted(
                                result.loss(),
                                result.perplexity(),
                                result.bitsPerByte(),
                                loop.step(),
                                minutes(loop));
        String better =
                loop.best().step() == loop.step()
                        ? ""
                        : "the best was step %,d with held-out loss %.4f; samples are from there%n"
                                .formatted(loop.best().step(), loop.best().loss());
        String parts = loop.parts().stream().map(Report::line).collect(Collectors.joining());
        return line + parts + better + "run folder: " + folder.path();
    }

    private static String line(TrainingLoop.Part part) {
        HeldOut.Result result = part.result();
        return "  %s: loss %.4f   perplexity %.2f   bits per byte %.4f   (%.1f %% of training, read %s times)%n"
                .formatted(
                        part.name(),
                        result.loss(),
                        result.perplexity(),
                        result.bitsPerByte(),
                        100 * part.share(),
                        rounded(part.epochs()));
    }

    private static String rounded(double epochs) {
        return epochs < 10 ? "%.2f".formatted(epochs) : "%,.0f".formatted(epochs);
    }

    private static String minutes(TrainingLoop loop) {
        long seconds = loop.time().toSeconds();
        return "%d:%02d minutes".formatted(seconds / 60, seconds % 60);
    }
}
