package dev.kiln.platform.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.storage.SafetensorsFile;
import dev.kiln.platform.training.trainee.LoraOptions;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.data.Order;
import dev.kiln.spi.run.RunEvent;
import dev.kiln.testkit.fixtures.TinyDecoder;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pre-training that begins with a model that there is. */
class ContinueTest {
    private static final LoraOptions LORA = new LoraOptions(2, 4, List.of("c_attn"), 0.2);

    @TempDir Path temporary;

    @BeforeEach
    void pretrain() throws Exception {
        new TinyRun(base()).model(new TinyDecoder(4, 0.2, 0.3)).steps(6).execute();
    }

    private Path base() {
        return temporary.resolve("base");
    }

    private Path folder() {
        return temporary.resolve("run");
    }

    private TinyRun run() {
        return new TinyRun(folder())
                .from(base())
                .data(
                        new Sources.Texts(
                                List.of("bcabdabc abd acb"), List.of("bcd"), Order.SHUFFLED));
    }

    private static float[] weight(Path run, String name) {
        try (SafetensorsFile file = Runs.last(run).openModel()) {
            return file.floats(name).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        }
    }

    @Test
    void itBeginsWithTheWeightsThatThereAre() throws Exception {
        run().steps(1).learningRate(0).execute();
        Runs.assertSameBits(Runs.weights(base()), Runs.weights(folder()));
    }

    /** The first step reads the new text from its beginning, wherever the old reader stood. */
    @Test
    void newDataAreReadFromTheirBeginning() throws Exception {
        List<RunEvent> events = new ArrayList<>();
        run().steps(2).listener(events::add).execute();
        RunEvent.Started started =
                (RunEvent.Started)
                        events.stream()
                                .filter(RunEvent.Started.class::isInstance)
                                .findFirst()
                                .orElseThrow();
        assertEquals(0, started.firstStep());
        assertEquals(2, Runs.last(folder()).state().step());
        assertEquals(2 * 2 * 3, Runs.last(folder()).state().position());
    }

    @Test
    void adaptersLearnAndAllElseStays() throws Exception {
        run().steps(4).lora(LORA).execute();
        String adapted = "h.1.attn.c_attn.weight";
        assertFalse(Arrays.equals(weight(base(), adapted), weight(folder(), adapted)));
        for (String name : List.of("wte.weight", "h.0.attn.c_proj.weight", "ln_f.weight")) {
            assertArrayEquals(weight(base(), name), weight(folder(), name));
        }
    }

    @Test
    void adaptersAreKeptAlsoWhereNothingIsHeldOut() throws Exception {
        run().data(new Sources.Texts(List.of("bcabdabc abd acb"), List.of(), Order.SHUFFLED))
                .steps(2)
                .lora(LORA)
                .execute();
        assertTrue(Files.exists(folder().resolve("adapter/adapter_config.json")));
        assertTrue(Files.exists(folder().resolve("adapter/adapter_model.safetensors")));
    }

    @Test
    void aRunOfAdaptersIsResumedToTheBitAndNeedsItsBaseNoMore() throws Exception {
        Path whole = temporary.resolve("whole");
        new TinyRun(whole).from(base()).steps(7).lora(LORA).execute();
        TinyRun killed = new TinyRun(folder()).from(base()).steps(7).lora(LORA);
        assertThrows(Runs.Kill.class, Runs.killed(killed, 5)::execute);
        Files.move(base(), temporary.resolve("elsewhere"));
        new TinyRun(folder()).from(base()).steps(7).lora(LORA).resumeAuto().execute();
        Runs.assertSameBits(Runs.weights(whole), Runs.weights(folder()));
    }

    private void assertRefused(String line, TinyRun run) {
        InvalidInput refused = assertThrows(InvalidInput.class, run::execute);
        assertTrue(refused.getMessage().startsWith(line), refused.getMessage());
        assertFalse(Files.exists(folder()), "nothing is written");
    }

    @Test
    void whatIsNoModelIsRefusedInOneLine() throws IOException {
        Path empty = Files.createDirectory(temporary.resolve("empty"));
        assertRefused(
                empty + ": has neither config.yaml, as a run folder, nor config.json",
                new TinyRun(folder()).from(empty));
        assertRefused(
                "lora.targets: no matrix of a layer is called 'q_proj'; the first layer has"
                        + " h.0.attn.c_attn,",
                run().lora(new LoraOptions(2, 4, List.of("q_proj"), 0)));
    }
}
