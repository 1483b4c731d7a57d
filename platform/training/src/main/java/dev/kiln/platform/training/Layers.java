package dev.kiln.platform.training;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which layer a weight is of, by its name: {@code h.3.mlp.c_fc.weight} is of layer 3. */
final class Layers {
    private static final Pattern BLOCK = Pattern.compile("(?:^|\\.)h\\.(\\d{1,6})\\.");

    private Layers() {}

    /** From 0; empty for what is in no layer. */
    static OptionalInt of(String weight) {
        Matcher block = BLOCK.matcher(weight);
        return block.find()
                ? OptionalInt.of(Integer.parseInt(block.group(1)))
                : OptionalInt.empty();
    }
}
