package dev.kiln.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.text.NumberFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * What is written is the same in every locale: nobody formats, reads or changes case by the one that
 * the machine has, where digits may be Arabic and the capital of i may have a dot.
 */
class LocaleTest {
    private static final String LOCALE = Locale.class.getName();

    /** What takes the default locale unless it is given one, by class. */
    private static final Map<String, Set<String>> ASKS_FOR_A_LOCALE =
            Map.of(
                    "java.lang.String", Set.of("format", "formatted", "toLowerCase", "toUpperCase"),
                    "java.io.PrintStream", Set.of("format", "printf"),
                    "java.io.PrintWriter", Set.of("format", "printf"),
                    "java.io.Console", Set.of("format", "printf", "readLine", "readPassword"),
                    "java.util.Formatter", Set.of("<init>"),
                    "java.time.format.DateTimeFormatter", Set.of("ofPattern"),
                    "java.time.format.DateTimeFormatterBuilder", Set.of("toFormatter"));

    /** What is made for people of one place, and has no business in a file or a message. */
    private static final Set<String> OF_A_PLACE =
            Set.of(
                    "java.text.BreakIterator",
                    "java.text.Collator",
                    "java.text.DateFormat",
                    "java.text.DecimalFormat",
                    "java.text.MessageFormat",
                    "java.text.NumberFormat",
                    "java.text.SimpleDateFormat",
                    "java.util.Scanner");

    private static final ArchRule RULE =
            noClasses()
                    .should()
                    .accessTargetWhere(describe("it takes the default locale", LocaleTest::isLocal))
                    .because("files and messages are the same in every locale: give Locale.ROOT");

    private static boolean isLocal(JavaAccess<?> access) {
        AccessTarget target = access.getTarget();
        String owner = target.getOwner().getName();
        if (OF_A_PLACE.contains(owner)) {
            return true;
        }
        if (owner.equals(LOCALE)) {
            return target.getName().equals("getDefault");
        }
        return ASKS_FOR_A_LOCALE.getOrDefault(owner, Set.of()).contains(target.getName())
                && target instanceof AccessTarget.CodeUnitAccessTarget unit
                && unit.getRawParameterTypes().stream()
                        .noneMatch(type -> type.getName().equals(LOCALE));
    }

    @Test
    void nobodyTakesTheDefaultLocale() {
        RULE.check(Modules.in(List.of("api", "platform", "plugins"), 800));
        RULE.check(Modules.of("distribution", 1));
    }

    @Test
    void eachWayToTakeTheDefaultLocaleIsFound() {
        assertEquals(
                6,
                RULE.evaluate(new ClassFileImporter().importClasses(Local.class))
                        .getFailureReport()
                        .getDetails()
                        .size());
    }

    /** Six ways to be different elsewhere, and one to be the same. */
    private record Local(Function<String, String> lower) {
        Local() {
            this(String::toLowerCase);
            System.out.printf("%d", 1);
            System.out.println(String.format("%d", 2) + "%d".formatted(3) + Locale.getDefault());
            System.out.println(NumberFormat.getInstance(Locale.US));
            System.out.println(String.format(Locale.ROOT, "%d", 4));
        }
    }
}
