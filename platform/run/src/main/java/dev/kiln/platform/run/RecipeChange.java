package dev.kiln.platform.run;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * An option that is not what it was. Immutable.
 *
 * @param key the option's path, as an override spells it; list items by their index
 * @param before empty where the option was left out
 * @param now empty where the option is left out
 */
public record RecipeChange(String key, Optional<String> before, Optional<String> now) {

    /**
     * What is different between two maps of values by key. Below a key that is different, nothing is
     * looked at: other choices have other options.
     */
    public static List<RecipeChange> between(Map<String, String> before, Map<String, String> now) {
        Set<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(now.keySet());
        List<RecipeChange> all =
                keys.stream()
                        .map(
                                key ->
                                        new RecipeChange(
                                                key,
                                                Optional.ofNullable(before.get(key)),
                                                Optional.ofNullable(now.get(key))))
                        .filter(change -> !change.before.equals(change.now))
                        .toList();
        Set<String> changed = all.stream().map(RecipeChange::key).collect(Collectors.toSet());
        return all.stream().filter(change -> !change.isBelow(changed)).toList();
    }

    private boolean isBelow(Set<String> changed) {
        for (int dot = key.lastIndexOf('.'); dot > 0; dot = key.lastIndexOf('.', dot - 1)) {
            if (changed.contains(key.substring(0, dot))) {
                return true;
            }
        }
        return false;
    }

    /** Whether the option is one of these, or below one of them. */
    boolean isIn(Set<String> keys) {
        return keys.contains(key) || isBelow(keys);
    }

    /** For example {@code training.batch 4 -> 8}. */
    @Override
    public String toString() {
        return key + " " + before.orElse("nothing") + " -> " + now.orElse("nothing");
    }

    /** All in one line. */
    public static String line(List<RecipeChange> changes) {
        return changes.stream().map(RecipeChange::toString).collect(Collectors.joining(", "));
    }
}
