package dev.kiln.platform.config;

import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Environment variables in the values of a file: {@code ${NAME}} and {@code ${NAME:-default}}, where
 * {@code $${} stands for {@code ${} itself. What a variable holds is text: it is neither read as YAML
 * nor looked through for variables.
 *
 * @param environment empty for a file that a run wrote, whose values are expanded: other people's
 *     models must not read what is in the environment
 */
record Variables(Optional<Function<String, Optional<String>>> environment) {
    private static final Pattern EXPRESSION =
            Pattern.compile("(?<escape>\\$?)\\$\\{(?:(?<inside>[^}\\r\\n]*)})?");
    private static final Pattern INSIDE =
            Pattern.compile("(?<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?<otherwise>.*))?");
    private static final String ITSELF = "; $${ stands for ${ itself";

    /** Of what a run wrote. */
    static final Variables SAVED = new Variables(Optional.empty());

    static Variables of(Function<String, Optional<String>> environment) {
        return new Variables(Optional.of(environment));
    }

    /** Replaces all expressions of a text, be it YAML or a value. */
    static String replace(String text, Function<MatchResult, String> replacement) {
        return EXPRESSION
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(replacement.apply(found)));
    }

    /** Text that is read as what was given. */
    static String escape(String text) {
        return text.replace("${", "$${");
    }

    /**
     * A value with what its variables hold.
     *
     * @param place of the value, for messages
     */
    String expand(String text, Place place) {
        return replace(text, found -> expand(found, place));
    }

    private String expand(MatchResult found, Place place) {
        if (!found.group("escape").isEmpty()) {
            return found.group().substring(1);
        }
        if (environment.isEmpty()) {
            return found.group();
        }
        String inside = found.group("inside");
        if (inside == null) {
            throw place.error("expected '}' after '${'" + ITSELF);
        }
        Matcher parts = INSIDE.matcher(inside);
        if (!parts.matches()) {
            throw place.error(
                    "expected the name of an environment variable in '${…}', found "
                            + Words.quote(inside)
                            + ITSELF);
        }
        Optional<String> otherwise = Optional.ofNullable(parts.group("otherwise"));
        if (otherwise.filter(text -> text.contains("${")).isPresent()) {
            throw place.error("the default of a variable can't hold another variable");
        }
        return value(parts.group("name"), otherwise, place);
    }

    /** As in a shell, a default is for a variable that is empty too. */
    private String value(String name, Optional<String> otherwise, Place place) {
        Optional<String> value = environment.orElseThrow().apply(name);
        return value.filter(text -> !text.isEmpty() || otherwise.isEmpty())
                .or(() -> otherwise)
                .orElseThrow(
                        () ->
                                place.error(
                                        "environment variable '"
                                                + name
                                                + "' is not set; ${"
                                                + name
                                                + ":-…} gives a default"));
    }
}
