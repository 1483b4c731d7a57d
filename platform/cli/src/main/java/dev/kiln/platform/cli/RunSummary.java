package dev.kiln.platform.cli;

import dev.kiln.platform.inference.TrainedModel;
import dev.kiln.platform.runtime.KilnRuntime;
import dev.kiln.spi.ConfigFiles;
import dev.kiln.spi.model.ModelShape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the config of a run folder says of its model. */
record RunSummary(KilnRuntime kiln) {

    Map<String, Object> of(Path folder) throws IOException {
        TrainedModel.Parts parts =
                kiln.injector()
                        .getInstance(ConfigFiles.class)
                        .read(folder.resolve(TrainedModel.CONFIG), TrainedModel.Parts.class);
        ModelTokenizer.Named tokenizer = new ModelTokenizer(kiln).in(folder);
        int vocabulary = tokenizer.tokenizer().vocabularySize();
        ModelShape shape = parts.model().create(LookContext.here()).shape(vocabulary);
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("model", parts.model().name());
        summary.put("layers", shape.layers());
        summary.put("heads", shape.heads());
        summary.put("width", shape.width());
        summary.put("context", shape.context());
        summary.put("vocabulary", shape.vocabulary());
        summary.put("head", parts.head().name());
        summary.put("tokenizer", tokenizer.name());
        summary.put("tokenizer_ids", vocabulary);
        return summary;
    }
}
