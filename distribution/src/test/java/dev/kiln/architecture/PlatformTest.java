package dev.kiln.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The platform knows contracts, never a plugin, and its modules point one way. */
class PlatformTest {
    /** Which platform modules each one may see. */
    private static final Map<String, Set<String>> SEES =
            Map.ofEntries(
                    Map.entry("config", Set.of()),
                    Map.entry("storage", Set.of()),
                    Map.entry("autograd", Set.of()),
                    Map.entry("runtime", Set.of("config", "storage")),
                    Map.entry("run", Set.of("storage")),
                    Map.entry("models", Set.of("autograd", "storage")),
                    Map.entry("inference", Set.of("autograd", "models")),
                    Map.entry("tasks", Set.of("autograd", "models")),
                    Map.entry(
                            "evaluation", Set.of("storage", "run", "models", "inference", "tasks")),
                    Map.entry(
                            "training",
                            Set.of("autograd", "storage", "run", "models", "inference", "tasks")),
                    Map.entry("comparison", Set.of("storage", "run", "evaluation", "training")),
                    Map.entry("planning", Set.of("autograd", "models", "training")),
                    Map.entry("exchange", Set.of("autograd", "storage", "models")),
                    Map.entry(
                            "benchmark",
                            Set.of(
                                    "autograd",
                                    "storage",
                                    "models",
                                    "inference",
                                    "training",
                                    "planning")),
                    Map.entry(
                            "cli",
                            Set.of(
                                    "config",
                                    "storage",
                                    "autograd",
                                    "runtime",
                                    "run",
                                    "models",
                                    "inference",
                                    "tasks",
                                    "evaluation",
                                    "training",
                                    "comparison",
                                    "planning",
                                    "exchange",
                                    "benchmark")));

    @Test
    void platformNeverSeesPluginsOrTheirLibraries() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.kiln.plugins..",
                        "dev.kiln.kernels..",
                        "dev.kiln.testkit..",
                        "org.nd4j..",
                        "org.bytedeco..")
                .check(Modules.in("platform", 150));
    }

    @Test
    void onlyRuntimeAndCommandLineUsePf4jAndGuice() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.kiln.platform.runtime..", "dev.kiln.platform.cli..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("org.pf4j..", "com.google.inject..")
                                .and(not(describe("PF4J's marks", PluginTest::isMark))))
                .check(Modules.in(List.of("api", "platform"), 350));
    }

    @Test
    void onlyConfigAndStorageReadJson() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.kiln.platform.config..", "dev.kiln.platform.storage..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.fasterxml.jackson..", "org.yaml..")
                .check(Modules.in(List.of("api", "platform"), 350));
    }

    @Test
    void everyPlatformModuleHasItsPlaceInTheOrder() {
        Assertions.assertEquals(
                new TreeSet<>(SEES.keySet()), new TreeSet<>(Modules.names("platform")));
    }

    @TestFactory
    List<DynamicTest> platformModulesPointOneWay() {
        return SEES.keySet().stream()
                .sorted()
                .map(module -> DynamicTest.dynamicTest(module, () -> checkDirection(module)))
                .toList();
    }

    private static void checkDirection(String module) {
        Set<String> allowed = new TreeSet<>(SEES.get(module));
        allowed.add(module);
        String[] packages =
                allowed.stream()
                        .map(name -> "dev.kiln.platform." + name + "..")
                        .toArray(String[]::new);
        noClasses()
                .should()
                .dependOnClassesThat(
                        resideInAPackage("dev.kiln.platform..")
                                .and(not(resideInAnyPackage(packages))))
                .check(Modules.of("platform/" + module, 1));
    }

    @Test
    void packagesOfApiAndPlatformHaveNoCycles() {
        slices().matching("dev.kiln.(**)")
                .should()
                .beFreeOfCycles()
                .check(Modules.in(List.of("api", "platform"), 350));
    }
}
