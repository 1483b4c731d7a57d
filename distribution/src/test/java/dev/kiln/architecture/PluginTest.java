package dev.kiln.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A plugin sees the SPI, the toolkit and its own: never the platform and never another plugin. */
class PluginTest {
    /** The two names of PF4J that are no part of its runtime. */
    static final Set<String> PF4J_MARKS = Set.of("org.pf4j.Extension", "org.pf4j.ExtensionPoint");

    static boolean isMark(JavaClass type) {
        return PF4J_MARKS.contains(type.getName());
    }

    @TestFactory
    Stream<DynamicTest> pluginsSeeApiAndThemselvesOnly() {
        return eachPlugin(PluginTest::checkOwnCode);
    }

    @TestFactory
    Stream<DynamicTest> pluginsLeaveTheRuntimeToThePlatform() {
        return eachPlugin(PluginTest::checkNoRuntime);
    }

    @TestFactory
    Stream<DynamicTest> onlyBackendsUseNativePresetsAndOnlyTheirsNd4j() {
        return eachPlugin(PluginTest::checkNatives);
    }

    private interface Check {
        void of(String name, JavaClasses classes);
    }

    private static Stream<DynamicTest> eachPlugin(Check check) {
        Modules.in("plugins", 110);
        return Modules.names("plugins").stream()
                .map(
                        name ->
                                DynamicTest.dynamicTest(
                                        name,
                                        () -> check.of(name, Modules.of("plugins/" + name, 1))));
    }

    private static void checkOwnCode(String name, JavaClasses classes) {
        DescribedPredicate<JavaClass> own =
                describe(
                        "of this plugin",
                        type -> classes.contain(type.getBaseComponentType().getName()));
        DescribedPredicate<JavaClass> api =
                resideInAnyPackage("dev.kiln.spi..", "dev.kiln.toolkit..");
        DescribedPredicate<JavaClass> library =
                name.startsWith("backend-") ? resideInAPackage("dev.kiln.kernels..") : api;
        noClasses()
                .should()
                .dependOnClassesThat(
                        resideInAPackage("dev.kiln..").and(not(own.or(api).or(library))))
                .check(classes);
    }

    private static void checkNoRuntime(String name, JavaClasses classes) {
        noClasses()
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("org.pf4j..", "com.google.inject..")
                                .and(not(describe("PF4J's marks", PluginTest::isMark))))
                .check(classes);
    }

    private static void checkNatives(String name, JavaClasses classes) {
        List<String> closed =
                switch (name) {
                    case "backend-nd4j" -> List.of("ai.djl..");
                    case String backend when backend.startsWith("backend-") ->
                            List.of("org.nd4j..");
                    default -> List.of("org.nd4j..", "org.bytedeco..", "jdk.incubator.vector..");
                };
        noClasses()
                .should()
                .dependOnClassesThat(resideInAnyPackage(closed.toArray(String[]::new)))
                .check(classes);
    }
}
