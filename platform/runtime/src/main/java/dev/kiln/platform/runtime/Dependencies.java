package dev.kiln.platform.runtime;

import java.util.List;
import java.util.Optional;
import org.pf4j.DefaultVersionManager;
import org.pf4j.DependencyResolver;
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
        boolean circle = new DependencyResolver(VERSIONS).resolve(all).hasCyclicDependency();
        if (circle && !plugin.getDependencies().isEmpty()) {
            throw new PluginRefused("plugins that depend on each other go in a circle");
        }
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
        if (found.isPresent() && !VERSIONS.checkVersionConstraint(found.get(), wanted)) {
            String needs = "it needs version " + wanted + " of plugin " + id;
            throw new PluginRefused(needs + ", and found " + found.get());
        }
    }
}
