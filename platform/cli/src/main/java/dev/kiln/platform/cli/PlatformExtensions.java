package dev.kiln.platform.cli;

import com.google.inject.Module;
import com.google.inject.util.Modules;
import dev.kiln.platform.comparison.CompareFactory;
import dev.kiln.platform.evaluation.EvaluateFactory;
import dev.kiln.platform.inference.generation.GenerateFactory;
import dev.kiln.platform.planning.MemoryFeasibility;
import dev.kiln.platform.runtime.AutoBackendFactory;
import dev.kiln.platform.runtime.PlatformFactories;
import dev.kiln.platform.training.Feasibility;
import dev.kiln.platform.training.finetune.FinetuneFactory;
import dev.kiln.platform.training.pretrain.PretrainFactory;
import java.util.List;

/** The extensions that the platform itself supplies, and what they ask for. */
final class PlatformExtensions {
    private PlatformExtensions() {}

    static Module module() {
        return Modules.combine(
                PlatformFactories.of(
                        List.of(
                                AutoBackendFactory.class,
                                PretrainFactory.class,
                                FinetuneFactory.class,
                                GenerateFactory.class,
                                EvaluateFactory.class,
                                CompareFactory.class)),
                binder -> binder.bind(Feasibility.class).to(MemoryFeasibility.class));
    }
}
