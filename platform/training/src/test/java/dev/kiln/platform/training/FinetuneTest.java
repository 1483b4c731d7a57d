package dev.kiln.platform.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.autograd.ActivationCheckpointing;
import dev.kiln.platform.autograd.DirectOps;
import dev.kiln.platform.models.OpenModel;
import dev.kiln.platform.models.PrecisionChoice;
import dev.kiln.platform.models.TrainedModel;
import dev.kiln.platform.run.ResumeOptions;
import dev.kiln.platform.run.RunFolder;
import dev.kiln.platform.storage.Checkpoints;
import dev.kiln.platform.storage.SafetensorsFile;
import dev.kiln.platform.training.finetune.Finetune;
import dev.kiln.platform.training.finetune.FinetuneOptions;
import dev.kiln.platform.training.loop.CheckpointOptions;
import dev.kiln.platform.training.trainee.FreezeOptions;
import dev.kiln.platform.training.trainee.LoraOptions;
import dev.kiln.platform.training.trainee.StartingModel;
import dev.kiln.platform.training.trainee.TransferOptions;
import dev.kiln.spi.Choice;
import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.model.HeadRows;
import dev.kiln.spi.model.Init;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.spi.model.Ops;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.model.Weights;
import dev.kiln.spi.run.Run;
import dev.kiln.spi.run.RunEvent;
import dev.kiln.testkit.ReferenceBackend;
import dev.kiln.testkit.fixtures.FixedChoice;
import dev.kiln.testkit.fixtures.FolderContext;
import dev.kiln.testkit.fixtures.TinyDecoder;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole fine-tuning runs of a tiny model on the reference backend. */
class FinetuneTest {
    private static final int VOCABULARY = 257;
    private static final int EPOCHS = 20;
    private static final List<Answer> KNOWN =
            List.of(new Answer.Choice(0), new Answer.Choice(1), new Answer.Choice(0));

    @TempDir Path temporary;
    private final List<RunEvent> events = new ArrayList<>();
    private final TransferOptions all = new TransferOptions(Optional.empty(), true);
    private final FreezeOptions none = new FreezeOptions(0, false);

    @BeforeEach
    void pretrain() throws Exception {
        new TinyRun(base()).model(new TinyDecoder(8, 0, 0.3)).steps(4).execute();
    }

    private Path base() {
        return temporary.resolve("base");
    }

    private Path tuned() {
        return temporary.resolve("tuned");
    }

    private FinetuneOptions options(
            EvalTask task,
            TransferOptions transfer,
            FreezeOptions freeze,
            Optional<LoraOptions> lora) {
        return new FinetuneOptions(
                "base",
                "best",
                new FixedChoice<>("letters", task),
                Optional.of(new FixedChoice<>("one-state", new OneStateHead(2))),
                "add",
                new TinyRun.BackendChoice(ReferenceBackend::new),
                PrecisionChoice.FLOAT32,
                new FixedChoice<>("adamw", TinyRun::adamW),
                new FixedChoice<>("constant", progress -> 0.03),
                new FinetuneOptions.Training(
                        4,
                        1,
                        EPOCHS,
                        Optional.empty(),
                        Optional.empty(),
                        1,
                        0.5,
                        ActivationCheckpointing.NONE),
                new FinetuneOptions.EpochEvaluation(Optional.empty()),
                new CheckpointOptions(100, 1),
                transfer,
                freeze,
                lora,
                List.of(new FixedChoice<>("test", events::add)),
                ResumeOptions.NEVER,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private void run(FinetuneOptions options) throws Exception {
        tuning(options, new Rooted(temporary, tuned())).execute();
    }

    private static Run tuning(FinetuneOptions options, Context context) {
        TrainedModel trained = new TrainedModel(new TinyRun.Bytes(), new Configs());
        return new TrainingRun<>(
                new Finetune(context, new Configs(), trained),
                options,
                context,
                new RunFolder(context, new Configs(), "finetune", StartingModel.kept()),
                (work, run, backend) -> {});
    }

    /** Paths are of a folder, and the run's is in it. */
    private record Rooted(Path root, Path runFolder) implements Context {
        @Override
        public long seed() {
            return 5;
        }

        @Override
        public Path resolve(String path) {
            return root.resolve(path);
        }

        @Override
        public Stream<String> trainingDocuments() {
            throw new InvalidInput("no corpus");
        }
    }

    private static float[] weight(Path folder, String name) {
        try (SafetensorsFile file = Runs.best(folder).openModel()) {
            return file.floats(name).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        }
    }

    private List<RunEvent.Scored> scored() {
        return events.stream()
                .filter(RunEvent.Scored.class::isInstance)
                .map(RunEvent.Scored.class::cast)
                .toList();
    }

    @Test
    void itLearnsTheTaskAndReportsTheBestEpochOnTheTestPart() throws Exception {
        run(options(new LetterTask(KNOWN), all, none, Optional.empty()));
        RunEvent.Scored test = scored().getLast();
        assertEquals("test", test.part());
        assertEquals(1, test.scores().get("accuracy"));
        assertEquals(EPOCHS + 1, scored().size(), "an evaluation an epoch, and the test");
        String results = Files.readString(tuned().resolve("results.json"));
        assertTrue(results.contains("\"test\":{\"accuracy\":1.0"), results);
        assertEquals(
                List.of(0, 1, 0),
                Files.readAllLines(tuned().resolve("predictions.jsonl")).stream()
                        .map(line -> line.contains("\"predicted\":1") ? 1 : 0)
                        .toList());
    }

    @Test
    void theFolderOpensAsAModelWithThreeTokensMoreAndItsHead() throws Exception {
        run(options(new LetterTask(KNOWN), all, none, Optional.empty()));
        try (ReferenceBackend backend = new ReferenceBackend();
                OpenModel opened =
                        new TrainedModel(new TinyRun.Bytes(), new Configs())
                                .open(
                                        tuned(),
                                        true,
                                        new FolderContext(5, tuned()),
                                        backend,
                                        Precision.FLOAT32,
                                        notice -> {})) {
            assertEquals(VOCABULARY + 3, opened.stored().vocabulary());
            Tensor hidden = hidden(opened, backend);
            int classes =
                    opened.language()
                            .head()
                            .scores(ops(opened, backend), hidden, HeadRows.ALL)
                            .shape()
                            .columns();
            assertEquals(2, classes);
        }
    }

    private static Ops ops(OpenModel opened, ReferenceBackend backend) {
        return new DirectOps(
                backend, backend.scope(), Precision.FLOAT32, opened.language().layouts());
    }

    private static Tensor hidden(OpenModel opened, ReferenceBackend backend) {
        Tensor one = backend.scope().allocate(DType.INT32, Shape.of(1, 1));
        backend.upload(one, 0);
        return opened.language().model().hidden(ops(opened, backend), one, one);
    }

    @Test
    void frozenLayersAndEmbeddingsStayAsTheyWereAndTheRestLearns() throws Exception {
        run(options(new LetterTask(KNOWN), all, new FreezeOptions(1, true), Optional.empty()));
        String first = "h.0.mlp.c_fc.weight";
        String second = "h.1.mlp.c_fc.weight";
        assertArrayEquals(weight(base(), first), weight(tuned(), first));
        assertFalse(Arrays.equals(weight(base(), second), weight(tuned(), second)));
        float[] tokens = weight(base(), "wte.weight");
        assertArrayEquals(tokens, Arrays.copyOf(weight(tuned(), "wte.weight"), tokens.length));
    }

    @Test
    void layersThatAreNotCarriedOverBeginAtRandom() throws Exception {
        run(
                options(
                        new LetterTask(KNOWN),
                        new TransferOptions(Optional.of(1), true),
                        new FreezeOptions(2, true),
                        Optional.empty()));
        String first = "h.0.mlp.c_fc.weight";
        String second = "h.1.mlp.c_fc.weight";
        assertArrayEquals(weight(base(), first), weight(tuned(), first));
        assertFalse(Arrays.equals(weight(base(), second), weight(tuned(), second)));
    }

    @Test
    void adaptersLearnWhileAllElseStaysAndAreKeptApartAndMerged() throws Exception {
        LoraOptions lora = new LoraOptions(3, 6, List.of("c_attn", "mlp.c_fc"), 0);
        run(options(new LetterTask(KNOWN), all, none, Optional.of(lora)));
        assertEquals(1, scored().getLast().scores().get("accuracy"));
        assertArrayEquals(
                weight(base(), "h.0.mlp.c_proj.weight"), weight(tuned(), "h.0.mlp.c_proj.weight"));
        try (SafetensorsFile adapter =
                SafetensorsFile.open(tuned().resolve("adapter/adapter_model.safetensors"))) {
            assertEquals(
                    List.of(
                            "h.0.attn.c_attn.lora_A.weight",
                            "h.0.attn.c_attn.lora_B.weight",
                            "h.0.mlp.c_fc.lora_A.weight",
                            "h.0.mlp.c_fc.lora_B.weight",
                            "h.1.attn.c_attn.lora_A.weight",
                            "h.1.attn.c_attn.lora_B.weight",
                            "h.1.mlp.c_fc.lora_A.weight",
                            "h.1.mlp.c_fc.lora_B.weight",
                            "score.bias",
                            "score.weight",
                            "wte.token_adapter.trainable_tokens_delta"),
                    adapter.names().stream()
                            .map(name -> name.replaceFirst("^base_model\\.model\\.", ""))
                            .sorted()
                            .toList());
            assertArrayEquals(
                    merged(adapter, "h.0.mlp.c_fc", 8, 32),
                    weight(tuned(), "h.0.mlp.c_fc.weight"),
                    1e-6f);
            float[] tokens = weight(tuned(), "wte.weight");
            assertArrayEquals(
                    Arrays.copyOfRange(tokens, tokens.length - 3 * 8, tokens.length),
                    kept(adapter, "wte.token_adapter.trainable_tokens_delta"));
        }
        String about = Files.readString(tuned().resolve("adapter/adapter_config.json"));
        assertTrue(about.contains("\"r\" : 3"), about);
    }

    private static float[] kept(SafetensorsFile adapter, String name) {
        return adapter.floats("base_model.model." + name).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }

    /** W + alpha / rank · (B · A)ᵀ of A [r, in] and B [out, r], written out. */
    private float[] merged(SafetensorsFile adapter, String module, int in, int out) {
        float[] sum = weight(base(), module + ".weight");
        float[] a = kept(adapter, module + ".lora_A.weight");
        float[] b = kept(adapter, module + ".lora_B.weight");
        for (int i = 0; i < in; i++) {
            for (int o = 0; o < out; o++) {
                for (int r = 0; r < 3; r++) {
                    sum[i * out + o] += 2 * a[r * in + i] * b[o * 3 + r];
                }
            }
        }
        return sum;
    }

    @Test
    void adaptersOfAModelThatIsNotCarriedOverAreRefused() {
        LoraOptions lora = new LoraOptions(3, 6, List.of("c_attn"), 0);
        for (TransferOptions part :
                List.of(
                        new TransferOptions(Optional.of(1), true),
                        new TransferOptions(Optional.empty(), false))) {
            refused(
                    "lora: what 'transfer' leaves out would stay random; carry over all of the"
                            + " model, or train without lora",
                    options(new LetterTask(KNOWN), part, none, Optional.of(lora)));
        }
    }

    /** The rate is sane in the first epochs, four steps each; then no weight stays finite. */
    private FinetuneOptions wild(long sane, int epochs, int batch) {
        FinetuneOptions o = options(new LetterTask(KNOWN), all, none, Optional.empty());
        return new FinetuneOptions(
                o.from(),
                o.checkpoint(),
                o.task(),
                o.head(),
                o.specialTokens(),
                o.backend(),
                o.precision(),
                o.optimizer(),
                new FixedChoice<>("wild", progress -> progress.step() < sane ? 0.03 : 1e300),
                new FinetuneOptions.Training(
                        batch,
                        1,
                        epochs,
                        Optional.empty(),
                        Optional.empty(),
                        1,
                        0.5,
                        ActivationCheckpointing.NONE),
                o.evaluation(),
                o.checkpoints(),
                o.transfer(),
                o.freeze(),
                o.lora(),
                o.listeners(),
                o.resume(),
                o.model(),
                o.tokenizer(),
                o.vocabulary());
    }

    @Test
    void anEpochWhoseLossIsNotFiniteIsNeverTheBest() {
        InvalidInput first = assertThrows(InvalidInput.class, () -> run(wild(0, 3, 16)));
        assertEquals(
                "step 1: validation part, example letters:3: the model's score of class 0 is NaN;"
                        + " expected a number; wte.weight is not finite; no checkpoint was saved before;"
                        + " a lower learning rate or training.clip may help",
                first.getMessage());
        assertFalse(Files.exists(tuned().resolve("results.json")));
        assertTrue(new Checkpoints(tuned(), 1).folders().isEmpty());
    }

    @Test
    void theLastFiniteEpochStaysWhenALaterOneIsNot() {
        InvalidInput later = assertThrows(InvalidInput.class, () -> run(wild(1, 3, 16)));
        assertEquals(
                "step 2: validation part, example letters:3: the model's score of class 0 is NaN;"
                        + " expected a number; wte.weight is not finite; the last good checkpoint is "
                        + Runs.last(tuned()).folder()
                        + "; a lower learning rate or training.clip may help",
                later.getMessage());
        assertEquals(1, Runs.last(tuned()).state().step());
    }

    @Test
    void aTestPartWithoutAnswersIsPredictedButNotMeasured() throws Exception {
        run(options(new LetterTask(List.of(new Answer.Unknown())), all, none, Optional.empty()));
        assertEquals(1, Files.readAllLines(tuned().resolve("predictions.jsonl")).size());
        assertTrue(scored().stream().noneMatch(part -> part.part().equals("test")));
        RunEvent.Finished finished = (RunEvent.Finished) events.getLast();
        assertTrue(finished.summary().contains("no known answers"), finished.summary());
    }

    @Test
    void badInputGetsOneClearLineAndWritesNothing() {
        LetterTask task = new LetterTask(KNOWN);
        refused(
                "transfer.layers is 3, the model has 2 layers",
                options(task, new TransferOptions(Optional.of(3), true), none, Optional.empty()));
        refused(
                "freeze.layers is 3, the model has 2 layers",
                options(task, all, new FreezeOptions(3, false), Optional.empty()));
        refused(
                "lora.targets: no matrix of a layer is called 'q_proj'; the first layer has"
                        + " h.0.attn.c_attn, h.0.attn.c_proj, h.0.mlp.c_fc, h.0.mlp.c_proj",
                options(task, all, none, Optional.of(new LoraOptions(2, 4, List.of("q_proj"), 0))));
        refused(
                base()
                        + ": its vocabulary of 257 lacks the special tokens start, delimiter and"
                        + " extract behind the tokenizer's 257",
                withTokens(options(task, all, none, Optional.empty()), "last"));
        refused(
                "head: it has 3 classes, task 'letters' has 2",
                withHead(options(task, all, none, Optional.empty()), new OneStateHead(3)));
    }

    /** A family whose layers are called other than most. */
    private record OtherNames(ModelFamily family) implements ModelFamily {
        @Override
        public ModelShape shape(int vocabulary) {
            return family.shape(vocabulary);
        }

        @Override
        public Model build(Weights weights, int vocabulary) {
            return family.build(new Renamed(weights), vocabulary);
        }
    }

    private record Renamed(Weights weights) implements Weights {
        @Override
        public Weight create(String name, Shape shape, Init init) {
            return weights.create(name, shape, init);
        }

        @Override
        public Weights in(String prefix) {
            return new Renamed(weights.in(prefix.replace("h.", "stage")));
        }
    }

    @Test
    void whatGoesByLayersIsRefusedWhereNoWeightIsOfOne() throws Exception {
        Path root = temporary.resolve("other");
        new TinyRun(root.resolve("base"))
                .model(new OtherNames(new TinyDecoder(8, 0, 0.3)))
                .steps(1)
                .execute();
        FinetuneOptions options =
                options(
                        new LetterTask(KNOWN),
                        all,
                        new FreezeOptions(1, false),
                        Optional.of(new LoraOptions(2, 4, List.of("c_attn"), 0)));
        Run run = tuning(options, new Rooted(root, root.resolve("tuned")));
        InvalidInput refused = assertThrows(InvalidInput.class, run::execute);
        assertTrue(
                refused.getMessage()
                        .startsWith(
                                "freeze.layers, lora: the model's family says of no weight which"
                                        + " layer it is of; its weights are wte.weight, wpe.weight,"
                                        + " stage0."),
                refused.getMessage());
    }

    private static FinetuneOptions withTokens(FinetuneOptions o, String specialTokens) {
        return copy(o, o.head(), specialTokens);
    }

    private static FinetuneOptions withHead(FinetuneOptions o, TaskHead head) {
        return copy(o, Optional.of(new FixedChoice<>("three", head)), o.specialTokens());
    }

    private static FinetuneOptions copy(
            FinetuneOptions o, Optional<Choice<TaskHead>> head, String specialTokens) {
        return new FinetuneOptions(
                o.from(),
                o.checkpoint(),
                o.task(),
                head,
                specialTokens,
                o.backend(),
                o.precision(),
                o.optimizer(),
                o.schedule(),
                o.training(),
                o.evaluation(),
                o.checkpoints(),
                o.transfer(),
                o.freeze(),
                o.lora(),
                o.listeners(),
                o.resume(),
                o.model(),
                o.tokenizer(),
                o.vocabulary());
    }

    /** Nothing is learned, so that the first epoch is never beaten. */
    private static FinetuneOptions idle(FinetuneOptions o, int patience) {
        return new FinetuneOptions(
                o.from(),
                o.checkpoint(),
                o.task(),
                o.head(),
                o.specialTokens(),
                o.backend(),
                o.precision(),
                o.optimizer(),
                new FixedChoice<>("constant", progress -> 0),
                o.training(),
                new FinetuneOptions.EpochEvaluation(Optional.of(patience)),
                o.checkpoints(),
                o.transfer(),
                o.freeze(),
                o.lora(),
                o.listeners(),
                o.resume(),
                o.model(),
                o.tokenizer(),
                o.vocabulary());
    }

    @Test
    void trainingEndsAfterSoManyEpochsThatWereNoBetter() throws Exception {
        run(idle(options(new LetterTask(KNOWN), all, none, Optional.empty()), 2));
        assertEquals(3 + 1, scored().size(), "three epochs and the test");
        assertTrue(
                events.contains(
                        new RunEvent.Notice(
                                "training ends after step 12: no evaluation of the last 2 was better"
                                        + " than that of step 4 (evaluation.patience)")));
    }

    private void refused(String line, FinetuneOptions options) {
        assertEquals(line, assertThrows(InvalidInput.class, () -> run(options)).getMessage());
        assertFalse(Files.exists(tuned()), "nothing is written");
    }
}
