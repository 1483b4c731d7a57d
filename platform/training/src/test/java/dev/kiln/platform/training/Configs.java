package dev.kiln.platform.training;

import dev.kiln.platform.models.TrainedModel;
import dev.kiln.platform.run.KeptRecipe;
import dev.kiln.platform.training.finetune.FinetuneOptions;
import dev.kiln.platform.training.pretrain.PretrainOptions;
import dev.kiln.platform.training.trainee.SavedAdapter;
import dev.kiln.spi.ConfigFiles;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Configs in memory, behind a file that says that they exist: what YAML does for real ones. */
record Configs() implements ConfigFiles {
    private static final Map<Path, Written> WRITTEN = new LinkedHashMap<>();

    private record Written(String run, long seed, Record options) {}

    @Override
    public <O extends Record> O read(Path file, Class<O> part) {
        Written written = WRITTEN.get(file);
        if (part == KeptRecipe.Header.class) {
            return part.cast(new KeptRecipe.Header(written.run(), written.seed()));
        }
        Record options = written.options();
        return part.cast(part == TrainedModel.Parts.class ? parts(options) : options);
    }

    private static TrainedModel.Parts parts(Record options) {
        return switch (options) {
            case PretrainOptions run ->
                    new TrainedModel.Parts(
                            run.model().orElseThrow(),
                            run.head(),
                            run.tokenizer(),
                            run.vocabulary());
            case FinetuneOptions run ->
                    new TrainedModel.Parts(
                            run.model().orElseThrow(),
                            run.head().orElseThrow(),
                            run.tokenizer(),
                            run.vocabulary());
            default -> throw new AssertionError(options);
        };
    }

    @Override
    public <O extends Record> O parse(String text, Path name, Class<O> part) {
        throw new AssertionError("nothing here is parsed: " + name);
    }

    @Override
    public String write(String run, long seed, Path out, Record options) {
        if (!(options instanceof SavedAdapter.Head)) { // spelled out, not written
            WRITTEN.put(out.resolve(TrainedModel.CONFIG), new Written(run, seed, options));
        }
        return run + " in memory\n";
    }
}
