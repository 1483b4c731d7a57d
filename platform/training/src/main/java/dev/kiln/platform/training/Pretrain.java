package dev.kiln.platform.training;

import dev.kiln.platform.inference.Backends;
import dev.kiln.platform.inference.Generator;
import dev.kiln.platform.inference.TrainedModel;
import dev.kiln.platform.storage.FolderLock;
import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.data.DataSource;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.spi.run.Run;
import dev.kiln.spi.run.RunEvent;
import dev.kiln.spi.text.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
        try (FolderLock _ = folder.lock()) {
            run(Earlier.in(folder, options));
        }
    }

    private void run(Optional<Earlier> earlier) throws IOException {
        try (Backend backend = Backends.create(options.backend(), options.precision(), context);
                Scope scope = backend.scope()) {
            // Before anything is learned or written: their options may not fit together.
            options.schedule().create(context);
            options.optimizer().create(context);
            DataSource source = options.data().create(context);
            Tokenizer tokenizer = tokenizer(earlier.isPresent(), source);
            feasibility.require(options, context, tokenizer.vocabularySize(), backend);
            ModelShape shape = options.model().create(context).shape(tokenizer.vocabularySize());
            SampleRequest samples = samples(source, tokenizer, shape);
            Course course = new Course(options.training(), shape.context());
            Corpus corpus = Corpus.read(source, tokenizer, shape.context());
            if (options.evaluation().patience().isPresent() && !corpus.holdsOut()) {
                throw new InvalidInput("evaluation.patience: nothing is held out to measure on");
            }
            TrainingLoop.Start start = start(corpus, course, earlier);
            Trainee trainee = Trainee.create(options, context, tokenizer, backend, scope);
            new Generator(trainee.language()).requireCacheFits();
            List<String> notices = keep(earlier, tokenizer, backend);
            try (Events events = new Events(options.listeners(), context)) {
                notices.forEach(notice -> events.tell(new RunEvent.Notice(notice)));
                train(trainee, start, new Report(samples, trainee, folder, events), events);
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

    private TrainingLoop.Start start(Corpus corpus, Course course, Optional<Earlier> earlier) {
        Map<String, String> data = corpus.hashes();
        earlier.ifPresent(before -> before.requireSameData(folder, data));
        return new TrainingLoop.Start(corpus, data, course, earlier.flatMap(Earlier::checkpoint));
    }

    /** Keeps what this run is; of a resumed one, what is different. Returns what to tell of it. */
    private List<String> keep(Optional<Earlier> earlier, Tokenizer tokenizer, Backend backend)
            throws IOException {
        String device = backend.capabilities().device();
        if (earlier.isEmpty()) {
            folder.begin(options, tokenizer, device);
            return List.of();
        }
        Earlier before = earlier.get();
        List<String> notices = new ArrayList<>(before.notices());
        folder.resume(options, before.changes(), before.step()).ifPresent(notices::add);
        folder.resumeOn(device, before.step()).ifPresent(notices::add);
        return notices;
    }

    private void train(Trainee trainee, TrainingLoop.Start start, Report report, Events events)
            throws IOException {
        try {
            TrainingLoop loop = new TrainingLoop(options, context, trainee, start, folder, events);
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
