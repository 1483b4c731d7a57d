package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.Doc;
import dev.kiln.spi.Factory;
import jakarta.inject.Inject;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pf4j.Extension;

/** What every factory keeps, whatever it creates; part of each contract that names one. */
@ExtendWith(ClauseOfException.class)
interface FactoryClauses {

    /** The factory that makes what is tried; its own clauses are skipped without one. */
    default Optional<Factory<?, ?>> extension() {
        return Optional.empty();
    }

    private Factory<?, ?> tried() {
        Assumptions.assumeTrue(extension().isPresent(), "no extension()");
        return extension().orElseThrow();
    }

    @Test
    default void theFactorysNameIsAWordOfYaml() {
        String name = tried().name();
        assertTrue(
                name.matches("[a-z0-9-]+"),
                "broken clause: a factory's name is [a-z0-9-]+; got \"" + name + '"');
        assertEquals(name, tried().name(), "broken clause: a factory's name never changes");
    }

    @Test
    default void everyOptionIsDocumented() {
        for (RecordComponent option : tried().options().getRecordComponents()) {
            assertTrue(
                    option.isAnnotationPresent(Doc.class),
                    "broken clause: every option has a @Doc; " + option.getName());
        }
    }

    @Test
    default void everyOptionHasATypeThatYamlKnows() {
        for (RecordComponent option : tried().options().getRecordComponents()) {
            OptionClauses.checkType(option);
        }
    }

    @Test
    default void everyDefaultFitsItsOption() {
        for (RecordComponent option : tried().options().getRecordComponents()) {
            OptionClauses.checkDefault(option);
        }
    }

    @Test
    default void theFactoryIsFoundAndConstructed() {
        Class<?> type = tried().getClass();
        assertTrue(
                type.isAnnotationPresent(Extension.class),
                "broken clause: a factory carries @Extension; " + type.getName());
        assertTrue(
                Arrays.stream(type.getDeclaredConstructors()).anyMatch(FactoryClauses::injectable),
                "broken clause: a factory has a constructor without parameters or with @Inject; "
                        + type.getName());
    }

    private static boolean injectable(Constructor<?> constructor) {
        return constructor.getParameterCount() == 0
                || constructor.isAnnotationPresent(Inject.class);
    }

    @Test
    default void theFactoryHasNoState() {
        for (Field field : tried().getClass().getDeclaredFields()) {
            assertFalse(
                    !field.isSynthetic() && !Modifier.isFinal(field.getModifiers()),
                    "broken clause: a factory is stateless; field " + field.getName());
        }
    }
}
