package dev.kiln.platform.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.models.AdapterLayouts;
import dev.kiln.platform.storage.NewAdapter;
import dev.kiln.testkit.fixtures.ByteTokenizer;
import dev.kiln.testkit.fixtures.TinyDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterCommandTest {
    @TempDir private Path folder;
    private Path run;
    private Path adapter;
    private Path made;

    @BeforeEach
    void write() throws IOException {
        run = TinyRunFolder.write(folder.resolve("run"));
        adapter = run.resolve("adapter");
        made = folder.resolve("made");
        new NewAdapter(
                        AdapterLayouts.of(
                                new TinyDecoder(6, 0, 0.3), ByteTokenizer.END_OF_TEXT + 1),
                        new NewAdapter.Settings("run", 2, 4, 0))
                .matrix("h.0.mlp.c_fc.weight", () -> ones(16), () -> ones(64))
                .write(adapter);
    }

    private static float[] ones(int count) {
        float[] ones = new float[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    private Command kiln(String... words) {
        return Command.kiln(folder, "", words);
    }

    @Test
    void anAdapterIsTakenOutAndMerged() {
        Command extracted = kiln("adapter", "extract", run.toString(), "--out", made.toString());
        assertEquals(made + ": weights that it changes: 1\n", extracted.out(), extracted.err());
        Path merged = folder.resolve("merged");
        Command done = kiln("adapter", "merge", run.toString(), made.toString(), "--out=" + merged);
        assertEquals(
                merged + ": tiny, weights that the adapter changed: 1\n", done.out(), done.err());
        assertEquals(0, done.exitCode());
        assertEquals(0, kiln("inspect", merged.toString()).exitCode());
    }

    @Test
    void mistakesAreOneLineAndNothingIsWritten() throws IOException {
        Files.delete(adapter.resolve("adapter_model.safetensors"));
        String[][] calls = {
            {"adapter", "extract", run.toString(), "--out=" + made},
            {"adapter", "merge", run.toString(), adapter.toString(), "--out=" + made},
            {"adapter", "merge", run.toString(), run.toString(), "--out=" + made},
            {"adapter", "merge", folder.toString(), adapter.toString(), "--out=" + made},
            {"adapter", "merge", run.toString(), adapter.toString()},
            {"adapter", "merge", run.toString()},
            {"adapter"},
        };
        for (String[] call : calls) {
            Command done = kiln(call);
            assertEquals(2, done.exitCode(), done.err());
            assertEquals(1, done.err().lines().count(), done.err());
            assertTrue(done.err().startsWith("kiln: "), done.err());
            assertFalse(Files.exists(made));
        }
    }
}
