package dev.kiln.platform.training;

import dev.kiln.platform.inference.generation.Generator;
import dev.kiln.platform.models.AdapterLayouts;
import dev.kiln.platform.models.Backends;
import dev.kiln.platform.run.Events;
import dev.kiln.platform.run.RunFolder;
import dev.kiln.platform.storage.FolderLock;
import dev.kiln.platform.training.loop.LoopOptions;
import dev.kiln.platform.training.loop.Output;
import dev.kiln.platform.training.loop.Trainer;
import dev.kiln.platform.training.loop.TrainingLoop;
import dev.kiln.platform.training.trainee.Created;
import dev.kiln.platform.training.trainee.StartingModel;
import dev.kiln.platform.training.trainee.Trainee;
import dev.kiln.spi.Context;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.run.Run;
import dev.kiln.spi.run.RunEvent;
import dev.kiln.spi.training.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A run that trains: owns its folder, begins or continues, checks that it can be made before it
 * allocates or writes anything, and tells its listeners how it ends. Used by one thread.
 *
 * @param <O> the run's options
 */
public final class TrainingRun<O extends Record & TrainingOptions> implements Run {
    private final TrainingKind<O> kind;
    private final O given;
    private final Context context;
    private final RunFolder folder;
    private final Feasibility feasibility;

    public TrainingRun(
            TrainingKind<O> kind,
            O given,
            Context context,
            RunFolder folder,
            Feasibility feasibility) {
        this.kind = kind;
        this.given = given;
        this.context = context;
        this.folder = folder;
        this.feasibility = feasibility;
    }

    @Override
    public void execute() throws IOException {
        try (FolderLock _ = folder.lock()) {
            O options = given.resume().isAuto() && folder.begun() ? completed() : given;
            Optional<Earlier> earlier =
                    folder.earlier(options, given.resume(), kind.resumeRules()).map(Earlier::of);
            run(options, earlier);
        }
    }

    @SuppressWarnings("unchecked") // a record's class is that of its options
    private O completed() {
        return kind.complete(given, folder.recipe().read((Class<O>) given.getClass()));
    }

    private void run(O options, Optional<Earlier> earlier) throws IOException {
        // Before anything is read: their options may not fit together.
        Schedule schedule = options.schedule().create(context);
        options.optimizer().create(context);
        TrainingKind.Opened<O> opened = kind.open(options, earlier);
        try (StartingModel start = opened.start();
                Backend backend = Backends.create(options.backend(), options.precision(), context);
                Scope scope = backend.scope()) {
            TrainingWork work = opened.work(options.precision().on(backend));
            start.check(work.recipe(), options.transfer(), context);
            feasibility.require(work, context, backend);
            TrainingTask<?> task = opened.task(work);
            earlier.ifPresent(before -> before.requireSameData(task.hashes()));
            Trainee trainee = trainee(work, start, backend, scope);
            TrainingTask.Lesson<?> lesson = task.on(trainee);
            List<String> changes = keep(opened, earlier, start, backend);
            List<String> notices = new ArrayList<>(task.notices());
            if (trainee.isPartlyFrozen()) {
                notices.add(0, trainee.cost());
            }
            TrainingLoop.Start begin =
                    new TrainingLoop.Start(
                            lesson.title(),
                            schedule,
                            task.hashes(),
                            earlier.flatMap(Earlier::checkpoint),
                            notices,
                            adapterKept(opened, trainee));
            try (Events events = new Events(options.listeners(), context)) {
                changes.forEach(change -> events.tell(new RunEvent.Notice(change)));
                learn(task.loop(), trainee, lesson, begin, new Output(folder, events));
            }
        }
    }

    /** Keeps what the run is; returns what to tell of it. */
    private List<String> keep(
            TrainingKind.Opened<O> opened,
            Optional<Earlier> earlier,
            StartingModel start,
            Backend backend)
            throws IOException {
        String device = backend.capabilities().device();
        if (earlier.isEmpty()) {
            folder.begin(opened.resolved(), device, start::keep);
            return List.of();
        }
        Earlier before = earlier.get();
        List<String> notices = new ArrayList<>(before.notices());
        notices.addAll(folder.resume(opened.resolved(), before.run(), before.step(), device));
        return notices;
    }

    private TrainingLoop.BestListener adapterKept(TrainingKind.Opened<O> opened, Trainee trainee) {
        Path target = folder.path().resolve(AdapterLayouts.FOLDER);
        return opened.adapter(folder.recipe())
                .<TrainingLoop.BestListener>map(
                        adapter ->
                                () ->
                                        adapter.write(
                                                target,
                                                trainee.backend(),
                                                trainee.parameters().all(),
                                                trainee.adapters()))
                .orElse(() -> {});
    }

    private Trainee trainee(TrainingWork work, StartingModel start, Backend backend, Scope scope) {
        Trainee trainee =
                Trainee.create(
                        work.recipe(),
                        context,
                        start.text(),
                        work.precision(),
                        new Created(backend, scope, OptionalLong.of(context.seed())));
        new Generator(trainee.language()).requireCacheFits();
        start.into(trainee, given.transfer(), context);
        return trainee;
    }

    private <B> void learn(
            LoopOptions options,
            Trainee trainee,
            TrainingTask.Lesson<B> lesson,
            TrainingLoop.Start start,
            Output output)
            throws IOException {
        Trainer<B> trainer =
                new Trainer<>(
                        trainee, lesson.batches(), lesson.objective(), options, context.seed());
        TrainingLoop<B> loop =
                new TrainingLoop<>(options, trainer, lesson.measure(), start, output);
        output.events()
                .during(
                        () -> {
                            loop.run();
                            lesson.report().write(loop, output);
                        });
    }
}
