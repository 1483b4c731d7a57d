package dev.kiln.distribution.fidelity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.kiln.platform.exchange.ModelAdapters;
import dev.kiln.platform.inference.inspection.ForwardPass;
import dev.kiln.platform.models.OpenModel;
import dev.kiln.platform.models.StoredModel;
import dev.kiln.platform.models.TrainedModel;
import dev.kiln.platform.storage.SafetensorsFile;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Precision;
import dev.kiln.testkit.fixtures.FolderContext;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters that peft saved, beside the logits that it computes with them; made by adapters.py. */
class AdaptersIT {
    private static final Path RESOURCES = Path.of("src", "test", "resources");

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"openai-gpt", "gpt2", "gpt_neo"})
    void aMergedAdapterGivesTheLogitsOfPeft(String name) throws IOException {
        Path adapter = RESOURCES.resolve("adapters").resolve(name);
        Path made = folder.resolve("made");
        try (Installed kiln = Installed.at(Path.of(System.getProperty("kiln.stage")));
                Backend backend = kiln.backend("reference");
                SafetensorsFile expected =
                        SafetensorsFile.open(adapter.resolve("expected.safetensors"))) {
            TrainedModel models = kiln.runtime().injector().getInstance(TrainedModel.class);
            Path base = RESOURCES.resolve("fidelity").resolve(name).resolve("model");
            FolderContext context = new FolderContext(1, made);
            try (StoredModel stored = models.find(base, true, context, _ -> {})) {
                kiln.runtime()
                        .injector()
                        .getInstance(ModelAdapters.class)
                        .merge(stored, adapter, context, _ -> {});
            }
            int[] ids = expected.tensor("ids").toArray(ValueLayout.JAVA_INT_UNALIGNED);
            try (OpenModel model =
                            models.open(made, true, context, backend, Precision.FLOAT32, _ -> {});
                    ForwardPass pass = ForwardPass.of(model.language(), ids)) {
                assertArrayEquals(
                        expected.floats("logits").toArray(ValueLayout.JAVA_FLOAT_UNALIGNED),
                        pass.logits(),
                        1e-4f);
            }
        }
    }
}
