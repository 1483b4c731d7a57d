package dev.kiln.platform.exchange;

import dev.kiln.platform.storage.StoredType;
import dev.kiln.spi.InvalidInput;

/**
 * How a model is exported.
 *
 * @param type F32, F16 or BF16
 * @param maxShardBytes bytes of tensors in a file at most, at least 1
 */
public record ExportOptions(StoredType type, long maxShardBytes) {
    /** Bytes of a file at most where nothing else is said, as in transformers. */
    public static final long SHARD_BYTES = 5_000_000_000L;

    public ExportOptions {
        if (!type.writable()) {
            throw new InvalidInput("expected F32, F16 or BF16, got " + type);
        }
        if (maxShardBytes < 1) {
            throw new InvalidInput("expected a shard of 1 byte or more, got " + maxShardBytes);
        }
    }

    /** The word for the type in a {@code config.json}. */
    String typeWord() {
        return switch (type) {
            case F16 -> "float16";
            case BF16 -> "bfloat16";
            default -> "float32";
        };
    }
}
