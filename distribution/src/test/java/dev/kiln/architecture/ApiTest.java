package dev.kiln.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.kiln.spi.Experimental;
import dev.kiln.spi.Stable;
import org.junit.jupiter.api.Test;

/** What plugins are written against depends on next to nothing and says how stable it is. */
class ApiTest {
    private static final DescribedPredicate<JavaClass> MARKERS =
            describe(
                    "PF4J's two marks, jakarta.inject or JSpecify",
                    type ->
                            PluginTest.PF4J_MARKS.contains(type.getName())
                                    || type.getPackageName().startsWith("jakarta.inject")
                                    || type.getPackageName().startsWith("org.jspecify"));

    @Test
    void spiDependsOnTheJdkAndMarkersOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("java..", "dev.kiln.spi..").or(MARKERS))
                .check(Modules.of("api/spi", 90));
    }

    @Test
    void toolkitDependsOnSpiOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage("java..", "dev.kiln.toolkit..", "dev.kiln.spi..")
                                .or(MARKERS))
                .check(Modules.of("api/toolkit", 10));
    }

    @Test
    void cpuKernelsDependOnSpiAndTheJdkOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(
                                        "java..",
                                        "com.sun.management",
                                        "jdk.incubator.vector..",
                                        "dev.kiln.kernels..",
                                        "dev.kiln.spi..")
                                .or(MARKERS))
                .check(Modules.of("api/cpu-kernels", 30));
    }

    @Test
    void testkitDependsOnSpiToolkitAndJUnitOnly() {
        noClasses()
                .should()
                .dependOnClassesThat(
                        resideInAPackage("dev.kiln..")
                                .and(
                                        not(
                                                resideInAnyPackage(
                                                        "dev.kiln.testkit..",
                                                        "dev.kiln.toolkit..",
                                                        "dev.kiln.spi.."))))
                .check(Modules.of("api/testkit", 40));
    }

    @Test
    void everyPublicSpiTypeSaysHowStableItIs() {
        classes().that().arePublic().should(carryAStabilityMark()).check(Modules.of("api/spi", 90));
    }

    private static ArchCondition<JavaClass> carryAStabilityMark() {
        return new ArchCondition<>("carry @Stable or @Experimental, or lie in a type that does") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                events.add(
                        new SimpleConditionEvent(
                                type, isMarked(type), type.getName() + " has no stability mark"));
            }
        };
    }

    private static boolean isMarked(JavaClass type) {
        return type.isAnnotatedWith(Stable.class)
                || type.isAnnotatedWith(Experimental.class)
                || type.getEnclosingClass().filter(ApiTest::isMarked).isPresent();
    }
}
