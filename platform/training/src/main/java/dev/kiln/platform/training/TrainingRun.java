package dev.kiln.platform.training;

import dev.kiln.platform.inference.AdapterLayouts;
import dev.kiln.platform.inference.Backends;
import dev.kiln.platform.inference.Generator;
import dev.kiln.platform.storage.FolderLock;
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
final class TrainingRun<O extends Record & TrainingOptions> implements Run {
    private final TrainingKind<O> kind;
    private final O given;
    private final Context context;
    private final RunFolder folder;
    private final Feasibility feasibility;

    TrainingRun(
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
                    Earlier.in(folder, options, given.resume(), kind.resumeRules());
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
            earlier.ifPresent(before -> before.requireSameData(folder, task.hashes()));
            Trainee trainee = trainee(work, start, backend, scope);
            TrainingTask.Lesson<?> lesson = task.on(trainee);
            List<String> changes = folder.keep(opened.resolved(), earlier, start, backend);
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
        try {
            loop.run();
            lesson.report().write(loop, output);
        } catch (Stopped asked) {
            output.events().tell(new RunEvent.Finished(String.valueOf(asked.getMessage())));
            throw asked;
        } catch (IOException | RuntimeException e) {
            output.events().failed(e);
            throw e;
        }
    }
}
