package dev.kiln.plugins.text;

import java.util.Locale;

/** How a file writes a token id: unsigned, the low byte first. */
public enum TokenType {
    /** Two bytes, as nanoGPT writes GPT-2's ids. */
    UINT16(2),
    /** Four bytes, for vocabularies of more than 65,536 tokens. */
    UINT32(4);

    private final int bytes;

    TokenType(int bytes) {
        this.bytes = bytes;
    }

    int bytes() {
        return bytes;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
