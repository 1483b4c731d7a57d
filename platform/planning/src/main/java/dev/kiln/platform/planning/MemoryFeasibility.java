package dev.kiln.platform.planning;

import dev.kiln.platform.training.Feasibility;
import dev.kiln.platform.training.TrainingWork;
import dev.kiln.spi.ConfigFiles;
import dev.kiln.spi.Context;
import dev.kiln.spi.backend.Backend;
import jakarta.inject.Inject;
import java.util.Locale;

/** A run can be made if its plan fits into the backend's memory. Thread-safe. */
public final class MemoryFeasibility implements Feasibility {
    private final ConfigFiles configFiles;

    @Inject
    public MemoryFeasibility(ConfigFiles configFiles) {
        this.configFiles = configFiles;
    }

    @Override
    public void require(TrainingWork work, Context context, Backend backend) {
        StepMemory.require(work, context, backend, words(work.recipe().optimizer().name()));
    }

    private StepMemory.Words words(String optimizer) {
        String state = String.format(Locale.ROOT, "optimizer.%s.state=int8", optimizer);
        return new StepMemory.Words(
                "training.batch=%d",
                "evaluation.batch=%d",
                "training.checkpointing=blocks",
                state,
                CompactState.of(optimizer, configFiles));
    }
}
