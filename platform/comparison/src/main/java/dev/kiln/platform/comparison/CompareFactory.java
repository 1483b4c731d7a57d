package dev.kiln.platform.comparison;

import dev.kiln.platform.evaluation.EvaluateFactory;
import dev.kiln.platform.run.RunFolder;
import dev.kiln.platform.training.finetune.FinetuneFactory;
import dev.kiln.platform.training.pretrain.PretrainFactory;
import dev.kiln.spi.ConfigFiles;
import dev.kiln.spi.Context;
import dev.kiln.spi.run.Run;
import dev.kiln.spi.run.RunFactory;
import jakarta.inject.Inject;
import java.util.Set;

/**
 * {@code compare}: a model is trained, then does tasks in three ways: with a fine-tuned head (Radford
 * et al., 2018), asked as it is (Radford et al., 2019), after solved examples (Brown et al., 2020).
 */
public final class CompareFactory implements RunFactory<CompareOptions> {
    private final PretrainFactory pretrain;
    private final FinetuneFactory finetune;
    private final EvaluateFactory evaluate;
    private final ConfigFiles configFiles;

    @Inject
    public CompareFactory(
            PretrainFactory pretrain,
            FinetuneFactory finetune,
            EvaluateFactory evaluate,
            ConfigFiles configFiles) {
        this.pretrain = pretrain;
        this.finetune = finetune;
        this.evaluate = evaluate;
        this.configFiles = configFiles;
    }

    @Override
    public String name() {
        return "compare";
    }

    @Override
    public Class<CompareOptions> options() {
        return CompareOptions.class;
    }

    @Override
    public Run create(CompareOptions options, Context context) {
        Parts parts = new Parts(options, context, pretrain, finetune, evaluate);
        RunFolder folder = new RunFolder(context, configFiles, name(), Set.of(TaskExamples.FILE));
        return new Compare(options, context, parts, configFiles, folder, System.out);
    }
}
