package dev.kiln.platform.training.pretrain;

import dev.kiln.platform.models.StoredModel.SavedTokenizer;
import dev.kiln.platform.models.TrainedModel;
import dev.kiln.platform.run.KeptRecipe;
import dev.kiln.platform.run.ResumeRules;
import dev.kiln.platform.training.Earlier;
import dev.kiln.platform.training.TrainingKind;
import dev.kiln.platform.training.TrainingTask;
import dev.kiln.platform.training.TrainingWork;
import dev.kiln.platform.training.corpus.Corpus;
import dev.kiln.platform.training.corpus.CorpusContext;
import dev.kiln.platform.training.trainee.SavedAdapter;
import dev.kiln.platform.training.trainee.StartingModel;
import dev.kiln.platform.training.trainee.TraineeRecipe;
import dev.kiln.spi.Choice;
import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.data.DataSource;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.spi.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A model learns to predict the next token of a corpus. */
public record Pretrain(Context context, Path folder, TrainedModel trained)
        implements TrainingKind<PretrainOptions> {

    @Override
    public ResumeRules resumeRules() {
        return PretrainOptions.RESUME;
    }

    @Override
    public PretrainOptions complete(PretrainOptions given, PretrainOptions kept) {
        return given.or(kept);
    }

    @Override
    public Opened<PretrainOptions> open(PretrainOptions options, Optional<Earlier> earlier)
            throws IOException {
        DataSource source = options.data().create(context);
        if (earlier.flatMap(Earlier::checkpoint).isPresent() || options.from().isEmpty()) {
            SavedTokenizer tokenizer = tokenizer(options, source, earlier.isPresent());
            int vocabulary =
                    options.vocabulary().orElseGet(() -> tokenizer.tokenizer().vocabularySize());
            StartingModel start =
                    new StartingModel(
                            options.model().orElseThrow(), tokenizer, vocabulary, Optional.empty());
            return new OpenedText(context, options, start, source);
        }
        String from = options.from().get();
        boolean best = options.checkpoint().equals("best");
        StartingModel start = StartingModel.find(from, best, trained, context);
        start.requireAs(from, options.model(), options.tokenizer(), options.vocabulary());
        return new OpenedText(context, options.with(start), start, source);
    }

    private SavedTokenizer tokenizer(PretrainOptions options, DataSource source, boolean resumed)
            throws IOException {
        Choice<Tokenizer> choice = options.tokenizer().orElseThrow();
        Tokenizer tokenizer =
                resumed
                        ? trained.tokenizer(folder, choice.name())
                        : choice.create(new CorpusContext(context, source));
        return new SavedTokenizer(choice.name(), tokenizer);
    }

    private record OpenedText(
            Context context, PretrainOptions resolved, StartingModel start, DataSource source)
            implements Opened<PretrainOptions> {

        private ModelShape shape() {
            return start.model().create(context).shape(start.vocabulary());
        }

        @Override
        public TrainingWork work(Precision precision) {
            TraineeRecipe recipe = resolved.recipe(start.model(), start.vocabulary());
            return resolved.work(recipe, precision, shape().context());
        }

        @Override
        public Optional<SavedAdapter> adapter(KeptRecipe recipe) {
            return resolved.lora()
                    .map(
                            lora ->
                                    new SavedAdapter(
                                            start.model().create(context),
                                            start.vocabulary(),
                                            start.vocabulary(),
                                            Optional.of(
                                                    recipe.part(
                                                            new SavedAdapter.Head(
                                                                    resolved.head()))),
                                            lora.settings(resolved.from().orElseThrow())));
        }

        @Override
        public TrainingTask<?> task(TrainingWork work) {
            ModelShape shape = shape();
            TextPlan.of(resolved.training(), shape.context()); // before a long corpus is read
            SampleRequest samples = samples(shape);
            Corpus corpus = Corpus.read(source, start.tokenizer().tokenizer(), shape.context());
            if (resolved.evaluation().patience().isPresent() && !corpus.holdsOut()) {
                throw new InvalidInput("evaluation.patience: nothing is held out to measure on");
            }
            return new TextTask(resolved, start.model().name(), corpus, samples, context.seed());
        }

        private SampleRequest samples(ModelShape shape) {
            List<String> prompts = resolved.samples().prompts().orElseGet(source::prompts);
            return SampleRequest.of(
                    resolved.samples(), prompts, start.text(), shape.context(), context);
        }
    }
}
