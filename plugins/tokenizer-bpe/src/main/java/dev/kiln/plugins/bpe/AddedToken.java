package dev.kiln.plugins.bpe;

import java.util.EnumSet;
import java.util.Set;

/**
 * A token that is found in a text before the text is split into words.
 *
 * @param content as it is spelled in a text; not empty
 * @param flags how it is found, and what it stands for
 */
record AddedToken(int id, String content, Set<Flag> flags) {

    /** What Hugging Face's files say of an added token. */
    enum Flag {
        /** Only where neither a letter, a digit nor an underscore is next to it. */
        SINGLE_WORD("single_word"),

        /** With the whitespace before it, which is lost. */
        LSTRIP("lstrip"),

        /** With the whitespace after it, which is lost. */
        RSTRIP("rstrip"),

        /** After the tokens without this flag, in the standardised form of what they leave. */
        NORMALIZED("normalized"),

        /** Stands for nothing, and is found only where special tokens are asked for. */
        SPECIAL("special");

        private final String key;

        Flag(String key) {
            this.key = key;
        }

        String key() {
            return key;
        }
    }

    AddedToken {
        flags = Set.copyOf(flags);
    }

    /** A special token as transformers makes one of a name. */
    static AddedToken special(int id, String content) {
        return new AddedToken(id, content, EnumSet.of(Flag.SPECIAL));
    }

    boolean is(Flag flag) {
        return flags.contains(flag);
    }

    boolean isStripping() {
        return is(Flag.LSTRIP) || is(Flag.RSTRIP);
    }

    /** This token, spelled otherwise. */
    AddedToken as(String other) {
        return new AddedToken(id, other, flags);
    }

    /** This token, special in any case. */
    AddedToken asSpecial() {
        Set<Flag> all = EnumSet.of(Flag.SPECIAL);
        all.addAll(flags);
        return new AddedToken(id, content, all);
    }
}
