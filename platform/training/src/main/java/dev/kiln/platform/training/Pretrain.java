package dev.kiln.platform.training;

import dev.kiln.platform.inference.Backends;
import dev.kiln.platform.inference.TrainedModel;
import dev.kiln.spi.Context;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.data.DataSource;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.spi.run.Run;
import dev.kiln.spi.run.RunEvent;
import dev.kiln.spi.text.Tokenizer;
import java.io.IOException;
import java.util.List;

/** Puts the parts of a pre-training run together and lets it go. */
final class Pretrain implements Run {
    private final PretrainOptions options;
    private final Context context;
    private final RunFolder folder;
    private final TrainedModel trained;
    private final Feasibility feasibility;

    Pretrain(
            PretrainOptions options,
            Context context,
            RunFolder folder,
            TrainedModel trained,
            Feasibility feasibility) {
        this.options = options;
        this.context = context;
        this.folder = folder;
        this.trained = trained;
        this.feasibility = feasibility;
    }

    @Override
    public void execute() throws IOException {
        boolean resumed = folder.check(options);
        try (Backend backend = Backends.create(options.backend(), options.precision(), context);
                Scope scope = backend.scope()) {
            // Before anything is learned or written: their options may not fit together.
            options.schedule().create(context);
            options.optimizer().create(context);
            DataSource source = options.data().create(context);
            Tokenizer tokenizer = tokenizer(resumed, source);
            feasibility.require(options, context, tokenizer.vocabularySize(), backend);
            ModelShape shape = options.model().create(context).shape(tokenizer.vocabularySize());
            SampleRequest samples = samples(source, tokenizer, shape);
            folder.create();
            Course course = new Course(options.training(), shape.context());
            Corpus corpus = Corpus.read(source, tokenizer, shape.context());
            Trainee trainee = Trainee.create(options, context, tokenizer, backend, scope);
            if (!resumed) {
                folder.begin("pretrain", options, tokenizer, backend.capabilities().device());
            }
            try (Events events = new Events(options.listeners(), context)) {
                Report report = new Report(samples, trainee, folder, events);
                train(trainee, course, corpus, report, events);
            }
        }
    }

    private SampleRequest samples(DataSource source, Tokenizer tokenizer, ModelShape shape) {
        List<String> prompts = options.samples().prompts().orElseGet(source::prompts);
        return SampleRequest.of(options.samples(), prompts, tokenizer, shape.context(), context);
    }

    private Tokenizer tokenizer(boolean resumed, DataSource source) throws IOException {
        return resumed
                ? trained.tokenizer(folder.path(), options.tokenizer().name())
                : options.tokenizer().create(new CorpusContext(context, source));
    }

    private void train(Trainee trainee, Course course, Corpus corpus, Report report, Events events)
            throws IOException {
        try {
            TrainingLoop loop =
                    new TrainingLoop(options, context, trainee, course, corpus, folder, events);
            loop.run();
            report.write(loop);
        } catch (Stopped asked) {
            events.tell(new RunEvent.Finished(String.valueOf(asked.getMessage())));
            throw asked;
        } catch (IOException | RuntimeException e) {
            events.tell(new RunEvent.Failed(String.valueOf(e.getMessage())));
            throw e;
        }
    }
}
