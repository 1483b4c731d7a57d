package dev.kiln.kernels;

import dev.kiln.spi.attention.AttentionLayout;
import java.util.LinkedHashMap;

/** Plans of the layouts that were used last: a step asks for those of its layers twice. */
final class AttentionPlans {
    private static final int KEPT = 8;

    private final LinkedHashMap<AttentionLayout, AttentionPlan> plans = new LinkedHashMap<>();

    AttentionPlan of(AttentionLayout layout) {
        AttentionPlan known = plans.remove(layout);
        AttentionPlan plan = known != null ? known : AttentionPlan.of(layout);
        plans.put(layout, plan);
        if (plans.size() > KEPT) {
            plans.pollFirstEntry();
        }
        return plan;
    }
}
