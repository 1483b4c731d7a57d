package dev.kiln.platform.planning;

import dev.kiln.spi.Choice;
import dev.kiln.spi.ConfigFiles;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.training.Optimizer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** The option of optimizers to keep their state in a byte an element. */
public final class CompactState {
    /** What a config would say of what updates. */
    record Updates(Choice<Optimizer> optimizer) {}

    private CompactState() {}

    /** The named optimizer with it; empty if that has no such option. */
    public static Optional<Choice<Optimizer>> of(String optimizer, ConfigFiles configFiles) {
        String text =
                String.format(
                        Locale.ROOT, "{\"optimizer\": {\"%s\": {\"state\": \"int8\"}}}", optimizer);
        try {
            return Optional.of(
                    configFiles.parse(text, Path.of("8-bit state"), Updates.class).optimizer());
        } catch (InvalidInput noSuchOption) {
            return Optional.empty();
        }
    }
}
