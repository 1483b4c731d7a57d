package dev.kiln.platform.run;

import dev.kiln.spi.data.Tokens;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Tells a sequence of tokens from others, in one text: how many there are, and the beginning of the
 * SHA-256 of their ids.
 *
 * <p>All of up to 2^26 tokens are read. Of more, which may be a file that nobody wants to read
 * beforehand, as many in 1,024 blocks, spread evenly from the first token to the last: a file that
 * grew, shrank or was made again is found out, one that was changed in a few places may not be.
 */
public final class TokenHash {
    private static final long MOST = 1 << 26;
    private static final int BLOCK = 1 << 16;
    private static final int SHOWN_BYTES = 8;

    private TokenHash() {}

    /** For example {@code 37507 tokens (3f1c8a0b5d2e4f67)}. */
    public static String of(Tokens tokens) {
        MessageDigest digest = sha256();
        long blocks = Math.min(Math.ceilDiv(tokens.size(), BLOCK), MOST / BLOCK);
        long last = Math.max(0, tokens.size() - BLOCK);
        boolean all = blocks * BLOCK >= tokens.size();
        int[] ids = new int[BLOCK];
        ByteBuffer bytes =
                ByteBuffer.allocate(BLOCK * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long block = 0; block < blocks; block++) {
            long from = all ? block * BLOCK : Math.round((double) last / (blocks - 1) * block);
            int count = (int) Math.min(BLOCK, tokens.size() - from);
            tokens.copy(from, ids, 0, count);
            bytes.clear().asIntBuffer().put(ids, 0, count);
            digest.update(bytes.limit(count * Integer.BYTES));
        }
        return tokens.size() + " tokens (" + beginning(digest) + ")";
    }

    /** As much of a hash as tells data from others. */
    static String beginning(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest(), 0, SHOWN_BYTES);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
