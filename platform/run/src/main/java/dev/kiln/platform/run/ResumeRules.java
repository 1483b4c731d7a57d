package dev.kiln.platform.run;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which options a resumed run may change. All others decide what is learned, and are refused.
 *
 * @param free keys whose values may change; a key stands for all below it
 * @param growing keys of numbers that may grow, or be left out, which is no limit
 */
public record ResumeRules(Set<String> free, Set<String> growing) {

    public ResumeRules {
        free = Set.copyOf(free);
        growing = Set.copyOf(growing);
    }

    /** These, and more keys that the user says may change. */
    public ResumeRules and(Collection<String> allowed) {
        Set<String> more = new HashSet<>(free);
        more.addAll(allowed);
        return new ResumeRules(more, growing);
    }

    /** Those of the changes that may not be. */
    public List<RecipeChange> refused(List<RecipeChange> changes) {
        return changes.stream()
                .filter(change -> !change.isIn(free))
                .filter(change -> !(growing.contains(change.key()) && grows(change)))
                .toList();
    }

    private static boolean grows(RecipeChange change) {
        Optional<BigDecimal> before = change.before().map(BigDecimal::new);
        Optional<BigDecimal> now = change.now().map(BigDecimal::new);
        return now.isEmpty() || before.isPresent() && now.get().compareTo(before.get()) > 0;
    }
}
