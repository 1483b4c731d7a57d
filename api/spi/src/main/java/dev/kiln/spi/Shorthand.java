package dev.kiln.spi;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a record of options: a word in its place stands for one of its options alone, and the others keep
 * their defaults.
 *
 * <pre>{@code
 * @Shorthand("mode")
 * record Resume(@Default("never") String mode, @Default("[]") List<String> allow) {}
 * // resume: auto   is   resume: {mode: auto}
 * }</pre>
 *
 * @since 0.1.0
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Experimental
public @interface Shorthand {
    /** The name of the option. */
    String value();
}
