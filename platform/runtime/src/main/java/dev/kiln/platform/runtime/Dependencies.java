package dev.kiln.platform.runtime;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.pf4j.DefaultVersionManager;
import org.pf4j.PluginDependency;
import org.pf4j.PluginDescriptor;

/** What plugins need of each other. */
final class Dependencies {
    private static final DefaultVersionManager VERSIONS = new DefaultVersionManager();

    private Dependencies() {}

    /**
     * Checks that what a plugin depends on is there, in a version that it accepts.
     *
     * @param all the plugins that are there, this one included
     */
    static void check(PluginDescriptor plugin, List<PluginDescriptor> all) throws PluginRefused {
        for (PluginDependency dependency : plugin.getDependencies()) {
            check(dependency, all);
        }
        if (reach(plugin, all, new HashSet<>()).contains(plugin.getPluginId())) {
            throw new PluginRefused("what it depends on depends on it");
        }
    }

    /** Checks that versions are asked for by ranges. */
    static void checkRanges(PluginDescriptor plugin) throws PluginRefused {
        for (PluginDependency dependency : plugin.getDependencies()) {
            fits(SpiVersion.current(), dependency.getPluginVersionSupport());
        }
    }

    /** The ids of what a plugin depends on, and of what that depends on. */
    private static Set<String> reach(
            PluginDescriptor plugin, List<PluginDescriptor> all, Set<String> seen) {
        for (PluginDependency dependency : plugin.getDependencies()) {
            String id = dependency.getPluginId();
            if (seen.add(id)) {
                all.stream()
                        .filter(other -> other.getPluginId().equals(id))
                        .forEach(other -> reach(other, all, seen));
            }
        }
        return seen;
    }

    private static void check(PluginDependency dependency, List<PluginDescriptor> all)
            throws PluginRefused {
        String id = dependency.getPluginId();
        Optional<String> found =
                all.stream()
                        .filter(plugin -> plugin.getPluginId().equals(id))
                        .map(PluginDescriptor::getVersion)
                        .findFirst();
        if (found.isEmpty() && !dependency.isOptional()) {
            throw new PluginRefused("it needs plugin " + id + ", which is not here");
        }
        String wanted = dependency.getPluginVersionSupport();
        if (found.isPresent() && !fits(found.get(), wanted)) {
            String needs = "it needs version " + wanted + " of plugin " + id;
            throw new PluginRefused(needs + ", and found " + found.get());
        }
    }

    private static boolean fits(String version, String wanted) throws PluginRefused {
        try {
            return VERSIONS.checkVersionConstraint(version, wanted);
        } catch (RuntimeException e) {
            throw new PluginRefused(
                    "its Plugin-Dependencies '" + wanted + "' is no range of versions");
        }
    }
}
