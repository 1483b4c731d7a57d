package dev.kiln.platform.cli;

import dev.kiln.platform.models.TrainedModel;
import dev.kiln.platform.runtime.KilnRuntime;
import dev.kiln.spi.ConfigFiles;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.model.ModelShape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What the config of a run folder says of its model. */
record RunSummary(KilnRuntime kiln) {

    Map<String, Object> of(Path folder) throws IOException {
        TrainedModel.Parts parts =
                kiln.injector()
                        .getInstance(ConfigFiles.class)
                        .read(folder.resolve(TrainedModel.CONFIG), TrainedModel.Parts.class);
        Optional<ModelTokenizer.Named> tokenizer = Optional.empty();
        String problem = "";
        try {
            tokenizer = new ModelTokenizer(kiln).in(folder);
        } catch (InvalidInput e) {
            problem = e.getMessage();
        }
        int ids = tokenizer.map(named -> named.tokenizer().vocabularySize()).orElse(0);
        int vocabulary = parts.vocabulary().orElse(ids);
        ModelShape shape = parts.model().create(LookContext.here()).shape(vocabulary);
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("model", parts.model().name());
        summary.put("layers", shape.layers());
        summary.put("heads", shape.heads());
        summary.put("width", shape.width());
        summary.put("context", shape.context());
        summary.put("vocabulary", shape.vocabulary());
        summary.put("head", parts.head().name());
        if (tokenizer.isPresent()) {
            summary.put("tokenizer", tokenizer.get().name());
            summary.put("tokenizer_ids", ids);
        } else if (!problem.isEmpty()) {
            summary.put("tokenizer", "not read: " + problem);
        }
        return summary;
    }
}
