package dev.kiln.toolkit.huggingface;

import java.util.Locale;

/** Enums as YAML spells them. */
final class OptionWords {
    private OptionWords() {}

    static String of(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
