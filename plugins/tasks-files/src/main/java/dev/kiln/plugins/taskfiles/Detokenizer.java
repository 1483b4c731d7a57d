package dev.kiln.plugins.taskfiles;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Undoes WikiText's tokenization: rule by rule what lm-evaluation-harness does, so that perplexities
 * compare. Some of what it does is no improvement, such as " N " made " 1 ".
 */
final class Detokenizer {
    private static final List<Rule> RULES =
            Stream.of(
                            Stream.of(literal("s '", "s'")),
                            Stream.of("-", ",", ".").map(c -> literal(" @" + c + "@ ", c)),
                            Stream.of(":", ";", ".", "!", "?", ",")
                                    .map(c -> literal(" " + c + " ", c + " ")),
                            Stream.of("()", "[]", "{}", "\"\"", "''").map(Detokenizer::inside),
                            Stream.of(
                                    literal("= = = =", "===="),
                                    literal("= = =", "==="),
                                    literal("= =", "=="),
                                    literal(" \u00b0 ", "\u00b0"),
                                    literal(" \n", "\n"),
                                    literal("\n ", "\n"),
                                    literal(" N ", " 1 "),
                                    literal(" 's", "'s")))
                    .flatMap(rules -> rules)
                    .toList();

    private Detokenizer() {}

    static String detokenize(String text) {
        String result = text;
        for (Rule rule : RULES) {
            result = rule.apply(result);
        }
        return result;
    }

    @FunctionalInterface
    private interface Rule {
        String apply(String text);
    }

    private static Rule literal(String from, String to) {
        return text -> text.replace(from, to);
    }

    /** No spaces beside the two signs of a pair, on the inner sides. */
    private static Rule inside(String pair) {
        String open = pair.substring(0, 1);
        String close = pair.substring(1);
        Pattern both =
                Pattern.compile(
                        String.format(
                                Locale.ROOT,
                                "%1$s\\s*([^%2$s]*?)\\s*%2$s",
                                Pattern.quote(open),
                                "\\" + close),
                        Pattern.UNICODE_CHARACTER_CLASS);
        return text -> both.matcher(text).replaceAll(found -> quoted(open, found.group(1), close));
    }

    private static String quoted(String open, String inner, String close) {
        return Matcher.quoteReplacement(open + inner + close);
    }
}
