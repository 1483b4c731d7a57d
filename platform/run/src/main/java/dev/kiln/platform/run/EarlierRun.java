package dev.kiln.platform.run;

import dev.kiln.spi.InvalidInput;
import java.util.List;
import java.util.Map;

/**
 * A run that another one continues.
 *
 * @param changes of the recipe since then, all of which may be
 * @param rules which may be
 */
public record EarlierRun(RunFolder folder, List<RecipeChange> changes, ResumeRules rules) {

    /**
     * Checks that the data are the same.
     *
     * @param before what tells them from others, by name; empty where that is not known
     * @throws InvalidInput when they are others
     */
    public void requireSameData(Map<String, String> before, Map<String, String> now) {
        if (before.isEmpty()) {
            return;
        }
        List<RecipeChange> refused = rules.refused(RecipeChange.between(before, now));
        if (!refused.isEmpty()) {
            throw folder.recipe().refusal("other data than before", refused);
        }
    }
}
