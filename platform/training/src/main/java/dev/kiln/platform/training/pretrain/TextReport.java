package dev.kiln.platform.training.pretrain;

import dev.kiln.platform.inference.Generation;
import dev.kiln.platform.inference.generation.Generator;
import dev.kiln.platform.inference.generation.TextListener;
import dev.kiln.platform.run.RunFolder;
import dev.kiln.platform.training.TrainingTask;
import dev.kiln.platform.training.corpus.Corpus;
import dev.kiln.platform.training.corpus.MixedWindows;
import dev.kiln.platform.training.loop.Output;
import dev.kiln.platform.training.loop.TrainingLoop;
import dev.kiln.platform.training.trainee.Trainee;
import dev.kiln.spi.run.RunEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The end of a run on text: what the best model writes, and the figures. */
record TextReport(
        SampleRequest samples,
        Trainee trainee,
        TextMeasure measure,
        Corpus corpus,
        MixedWindows windows)
        implements TrainingTask.LessonReport {

    @Override
    public void write(TrainingLoop<?> loop, Output output) throws IOException {
        loop.restoreBest();
        sample(loop.bestStep(), output);
        output.events().tell(new RunEvent.Finished(summary(loop, output.folder())));
    }

    private void sample(long step, Output output) throws IOException {
        List<String> prompts = samples.prompts();
        if (prompts.isEmpty()) {
            return;
        }
        List<Generation> written =
                new Generator(trainee.language())
                        .generate(samples.ids(), samples.request(), TextListener.NONE);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < written.size(); i++) {
            output.events().tell(new RunEvent.Sampled(step, prompts.get(i), written.get(i).text()));
            text.append(prompts.get(i)).append(written.get(i).text()).append("\n\n");
        }
        output.folder().write("samples.txt", text.toString());
    }

    private String summary(TrainingLoop<?> loop, RunFolder folder) {
        long step = loop.course().step();
        String line =
                measure.last()
                                .map(HeldOutParts.Results::total)
                                .map(result -> figures("held-out loss %.4f nats/token", result))
                                .orElse("nothing was held out to measure on")
                        + String.format(Locale.ROOT, "   (step %,d, %s)%n", step, minutes(loop));
        String better =
                loop.bestStep() == step
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                "the best was step %,d with held-out loss %.4f; samples are from"
                                        + " there%n",
                                loop.bestStep(),
                                loop.best().orElseThrow().loss());
        String parts =
                parts(loop.course().position()).stream()
                        .map(TextReport::line)
                        .collect(Collectors.joining());
        return line + parts + better + "run folder: " + folder.path();
    }

    /**
     * A part of a mixture at the end of the run.
     *
     * @param share of the training sequences
     * @param epochs how many times it was read
     * @param result empty when it holds nothing out
     */
    private record Part(
            String name, double share, double epochs, Optional<HeldOut.Result> result) {}

    /** The parts of the mixture; empty when the corpus is none. */
    private List<Part> parts(long position) {
        List<Part> parts = new ArrayList<>();
        for (int i = 0; corpus.isMixture() && i < corpus.parts().size(); i++) {
            Corpus.Part part = corpus.parts().get(i);
            int index = i;
            Optional<HeldOut.Result> result = measure.last().flatMap(all -> all.parts().get(index));
            double epochs = windows.epochs(i, position);
            parts.add(new Part(part.name(), part.share(), epochs, result));
        }
        return parts;
    }

    private static String figures(String loss, HeldOut.Result result) {
        return String.format(
                Locale.ROOT,
                loss + "   perplexity %.2f   bits per byte %.4f",
                result.loss(),
                result.perplexity(),
                result.bitsPerByte());
    }

    private static String line(Part part) {
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

    private static String minutes(TrainingLoop<?> loop) {
        long seconds = loop.time().toSeconds();
        return String.format(Locale.ROOT, "%d:%02d minutes", seconds / 60, seconds % 60);
    }
}
