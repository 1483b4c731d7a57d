package dev.kiln.platform.storage;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The small files of a Hugging Face folder. */
public final class HuggingFaceFolder {
    /** What the model is. */
    public static final String CONFIG = "config.json";

    /** How the model is meant to generate. */
    public static final String GENERATION = "generation_config.json";

    private HuggingFaceFolder() {}

    /** Whether a folder claims to be one. */
    public static boolean looksLikeOne(Path folder) {
        return Files.isRegularFile(folder.resolve(CONFIG));
    }

    /**
     * What {@code config.json} says: strings, numbers, booleans, lists and maps by key. A key whose
     * value is null is left out.
     *
     * @throws InvalidInput when the file is missing or no JSON object
     */
    public static Map<String, Object> config(Path folder) {
        return Json.object(folder.resolve(CONFIG));
    }

    /**
     * What {@code generation_config.json} says, as {@link #config} gives it.
     *
     * @throws InvalidInput when the file is missing or no JSON object
     */
    public static Map<String, Object> generation(Path folder) {
        return Json.object(folder.resolve(GENERATION));
    }

    /** JSON text of an object, on one line. */
    public static String json(Map<String, ?> object) {
        return Json.line(object);
    }

    /** Writes an object as JSON, whole or not at all; values may be null. */
    public static void write(Path file, Map<String, ? extends @Nullable Object> object)
            throws IOException {
        AtomicFile.write(file, Json.text(object));
    }
}
