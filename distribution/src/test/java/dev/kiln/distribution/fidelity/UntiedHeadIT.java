package dev.kiln.distribution.fidelity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.inference.inspection.ForwardPass;
import dev.kiln.platform.models.OpenModel;
import dev.kiln.platform.models.TrainedModel;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint with an output head of its own, whose config says that it is the embedding. */
class UntiedHeadIT {
    private static final Path FIXTURE =
            Path.of("src", "test", "resources", "fidelity", "openai-gpt-untied");

    @TempDir private Path folder;
    private final List<String> notices = new ArrayList<>();

    /** transformers 5.18 ties nothing where both are there and differ. */
    @Test
    void theHeadIsTakenAndSaid() throws IOException {
        String config = Files.readString(FIXTURE.resolve("model/config.json"));
        Files.writeString(
                folder.resolve("config.json"),
                config.replace("\"tie_word_embeddings\": false", "\"tie_word_embeddings\": true"));
        Files.copy(FIXTURE.resolve("model/model.safetensors"), folder.resolve("model.safetensors"));
        try (Fixture fixture = Fixture.open(FIXTURE);
                Installed kiln = Installed.at(Path.of(System.getProperty("kiln.stage")));
                Backend backend = kiln.backend("reference");
                OpenModel model = open(kiln, backend);
                ForwardPass pass =
                        ForwardPass.of(
                                model.language(),
                                Passes.split(fixture.ints("ids"), fixture.sequences()))) {
            assertArrayEquals(fixture.floats("logits"), pass.logits(), 1e-4f);
        }
        assertEquals(1, notices.size(), notices::toString);
        assertTrue(notices.getFirst().contains("tensor 'lm_head.weight' differs"));
    }

    private OpenModel open(Installed kiln, Backend backend) throws IOException {
        return kiln.runtime()
                .injector()
                .getInstance(TrainedModel.class)
                .open(folder, false, kiln.context(), backend, Precision.FLOAT32, notices::add);
    }
}
