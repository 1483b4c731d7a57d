package dev.kiln.platform.config;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.Spelling;
import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Words, numbers and texts. */
final class Scalars {
    private static final Pattern NUMBER =
            Pattern.compile("[-+]?(\\d[\\d_]*(\\.[\\d_]*)?|\\.\\d[\\d_]*)([eE][-+]?\\d{1,9})?");

    private Scalars() {}

    /**
     * The value of an option.
     *
     * @param label the option in the user's words, for messages
     */
    static Object read(Option option, OptionType.Single type, String label, Node node) {
        if (node instanceof Node.Step) {
            throw node.place().error(label + " has no options of its own");
        }
        return switch (type) {
            case OptionType.Whole(boolean narrow) -> whole(option, narrow, label, node);
            case OptionType.Real _ -> real(option, label, node);
            case OptionType.Flag _ -> flag(label, node);
            case OptionType.Text _ -> text(option, label, node);
            case OptionType.File _ -> path(scalar(node, "a path", label).text(), node.place());
            case OptionType.Word word -> word(word, label, node);
        };
    }

    private static Object whole(Option option, boolean narrow, String label, Node node) {
        String expected = ("a whole number " + option.bounds()).strip();
        BigDecimal number = number(node).orElseThrow(() -> mismatch(node, expected, label));
        long value;
        try {
            value = number.longValueExact();
        } catch (ArithmeticException e) {
            throw mismatch(node, expected, label);
        }
        if (value < option.min() || value > option.max()) {
            throw mismatch(node, expected, label);
        }
        if (narrow && value != (int) value) {
            throw mismatch(node, "a whole number below 2^31", label);
        }
        return narrow ? (Object) (int) value : (Object) value;
    }

    private static Object real(Option option, String label, Node node) {
        String expected = ("a number " + option.bounds()).strip();
        double value =
                number(node)
                        .map(BigDecimal::doubleValue)
                        .or(() -> infinity(node))
                        .orElseThrow(() -> mismatch(node, expected, label));
        if (value < option.min() || value > option.max()) {
            throw mismatch(node, expected, label);
        }
        return value;
    }

    private static Optional<BigDecimal> number(Node node) {
        return node instanceof Node.Scalar(String text, boolean plain, _)
                        && plain
                        && NUMBER.matcher(text).matches()
                ? Optional.of(new BigDecimal(text.replace("_", "")))
                : Optional.empty();
    }

    private static Optional<Double> infinity(Node node) {
        return switch (node instanceof Node.Scalar scalar ? scalar.text() : "") {
            case ".inf", "+.inf" -> Optional.of(Double.POSITIVE_INFINITY);
            case "-.inf" -> Optional.of(Double.NEGATIVE_INFINITY);
            default -> Optional.empty();
        };
    }

    private static boolean flag(String label, Node node) {
        return switch (node instanceof Node.Scalar scalar && scalar.plain() ? scalar.text() : "") {
            case "true" -> true;
            case "false" -> false;
            default -> throw mismatch(node, "true or false", label);
        };
    }

    private static String text(Option option, String label, Node node) {
        String text = scalar(node, "text", label).text();
        if (!option.allowed().isEmpty() && !option.allowed().contains(text)) {
            throw unlisted(option.allowed(), label, text, node);
        }
        return text;
    }

    private static Object word(OptionType.Word type, String label, Node node) {
        List<String> spellings = type.spellings();
        String text = scalar(node, "one of " + String.join(", ", spellings), label).text();
        int index = spellings.indexOf(text);
        if (index < 0) {
            throw unlisted(spellings, label, text, node);
        }
        return type.type().getEnumConstants()[index];
    }

    private static InvalidInput unlisted(
            List<String> words, String label, String found, Node node) {
        String hint =
                Spelling.nearest(found, words)
                        .map(word -> "; did you mean " + Words.quote(word) + "?")
                        .orElse("");
        String expected = "one of " + String.join(", ", words);
        return node.place()
                .error("expected " + expected + " for " + label + ", found " + node.found() + hint);
    }

    static Path path(String text, Place place) {
        if (text.isEmpty()) {
            throw place.error("expected a path, found an empty text");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw place.error("expected a path, found " + Words.quote(text));
        }
    }

    static Node.Scalar scalar(Node node, String expected, String label) {
        if (node instanceof Node.Scalar scalar && !node.isNothing()) {
            return scalar;
        }
        throw mismatch(node, expected, label);
    }

    static InvalidInput mismatch(Node node, String expected, String label) {
        return node.place()
                .error("expected " + expected + " for " + label + ", found " + node.found());
    }
}
