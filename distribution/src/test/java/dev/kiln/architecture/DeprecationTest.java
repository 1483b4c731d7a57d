package dev.kiln.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasAnnotations;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.kiln.spi.Until;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pf4j.DefaultVersionManager;

/** What is deprecated for plugin authors says since when and until when, and goes in time. */
class DeprecationTest {

    @ParameterizedTest
    @ValueSource(strings = {"api/spi", "api/toolkit", "api/testkit"})
    void deprecationsSaySinceAndUntilWhen(String module) {
        assertEquals(List.of(), faults(Modules.of(module, 10), System.getProperty("kiln.version")));
    }

    @Test
    void eachFaultIsFound() {
        JavaClasses fixture =
                new ClassFileImporter().importClasses(Fixture.class, Fixture.Old.class);
        assertEquals(
                List.of(
                        "Old: says no @Until",
                        "overdue: should be gone in 0.9.0",
                        "withoutSince: says not since when",
                        "withoutUntil: says no @Until"),
                faults(fixture, "0.9.1").stream()
                        .map(fault -> fault.replaceFirst("^.*[.$](\\w+)(\\(\\))?: ", "$1: "))
                        .sorted()
                        .toList());
    }

    private static List<String> faults(JavaClasses classes, String version) {
        return classes.stream()
                .flatMap(
                        type ->
                                Stream.concat(
                                        fault(type, version).stream(),
                                        type.getMembers().stream()
                                                .flatMap(
                                                        member -> fault(member, version).stream())))
                .toList();
    }

    private static <T extends HasAnnotations<?> & HasName.AndFullName> Optional<String> fault(
            T element, String version) {
        return element.tryGetAnnotationOfType(Deprecated.class)
                .map(deprecated -> fault(element, deprecated, version))
                .filter(fault -> !fault.isEmpty())
                .map(fault -> element.getFullName() + ": " + fault);
    }

    private static String fault(HasAnnotations<?> element, Deprecated deprecated, String version) {
        Optional<String> until = element.tryGetAnnotationOfType(Until.class).map(Until::value);
        if (deprecated.since().isEmpty()) {
            return "says not since when";
        }
        if (until.isEmpty()) {
            return "says no @Until";
        }
        return new DefaultVersionManager().compareVersions(version, until.get()) < 0
                ? ""
                : "should be gone in " + until.get();
    }

    /** Read as class file only. */
    @SuppressWarnings("unused")
    private static final class Fixture {
        @Deprecated(since = "0.1.0")
        @Until("1.0.0")
        void asItShouldBe() {}

        @Deprecated
        @Until("1.0.0")
        void withoutSince() {}

        @Deprecated(since = "0.1.0")
        void withoutUntil() {}

        @Deprecated(since = "0.1.0")
        @Until("0.9.0")
        void overdue() {}

        @Deprecated(since = "0.1.0")
        private static final class Old {}
    }
}
