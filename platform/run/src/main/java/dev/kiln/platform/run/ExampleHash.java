package dev.kiln.platform.run;

import dev.kiln.spi.evaluation.Example;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/**
 * Tells a task's examples from others, in one text: how many there are, and the beginning of the
 * SHA-256 of all that they say, in their order.
 */
public final class ExampleHash {

    private ExampleHash() {}

    /** For example {@code 10 examples (3f1c8a0b5d2e4f67)}. */
    public static String of(List<Example> examples) {
        MessageDigest digest = TokenHash.sha256();
        for (Example example : examples) {
            String said = example.texts() + " " + example.choices() + " " + example.answer() + "\n";
            digest.update(said.getBytes(StandardCharsets.UTF_8));
        }
        return examples.size() + " examples (" + TokenHash.beginning(digest) + ")";
    }
}
