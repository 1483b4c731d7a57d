package dev.kiln.platform.exchange;

import dev.kiln.platform.models.GenerationDefaults;
import dev.kiln.platform.models.SpecialIds;
import dev.kiln.platform.models.StoredModel;
import dev.kiln.platform.storage.HuggingFaceFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code config.json} and {@code generation_config.json} of an exported model.
 *
 * @param config what its family says of it
 * @param type the word for the type of its tensors
 */
record ExportedConfigs(StoredModel stored, Map<String, Object> config, String type) {

    void write(Path folder) throws IOException {
        GenerationDefaults defaults = new GenerationDefaults(ids(), stored.generation().settings());
        Map<String, @Nullable Object> all = new TreeMap<>(config);
        all.put("dtype", type);
        // Left out, transformers would take GPT-2's.
        all.put("bos_token_id", null);
        all.put("eos_token_id", null);
        all.putAll(defaults.idsByKey());
        HuggingFaceFolder.write(folder.resolve(HuggingFaceFolder.CONFIG), all);
        defaults.write(folder);
    }

    /** As they were read; where they name no end, the tokenizer's end and beginning too. */
    private SpecialIds ids() {
        SpecialIds said = stored.generation().ids();
        SpecialIds own =
                stored.tokenizer()
                        .map(saved -> SpecialIds.of(saved.tokenizer()))
                        .orElse(SpecialIds.NONE);
        return said.ends().isEmpty() && !own.ends().isEmpty() ? said.or(own) : said;
    }
}
