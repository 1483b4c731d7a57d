package dev.kiln.platform.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kiln.spi.InvalidInput;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Records and objects as small JSON files. */
final class Json {
    /** Bytes of such a file at most. */
    private static final long MAX_BYTES = 16_000_000;

    private static final ObjectMapper MAPPER =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .build();

    private Json() {}

    /** Indented by two spaces, with a line end at its end, the same on every system. */
    static String text(Object value) {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
        try {
            return MAPPER.writer(printer)
                            .with(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                            .writeValueAsString(value)
                    + "\n";
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Without spaces or line ends. */
    static String line(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @throws InvalidInput when the file is missing, too long, or not this record
     */
    static <T> T read(Path file, Class<T> type) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new InvalidInput(file + ": is longer than " + Disk.size(MAX_BYTES));
            }
            return Optional.ofNullable(MAPPER.readValue(Files.readAllBytes(file), type))
                    .orElseThrow(() -> new InvalidInput(file + ": is null, expected an object"));
        } catch (JsonProcessingException e) {
            String problem = e.getOriginalMessage().lines().findFirst().orElse("");
            throw new InvalidInput(file + ": is not as expected: " + problem, e);
        } catch (NoSuchFileException e) {
            throw new InvalidInput(file + ": is missing", e);
        } catch (CharConversionException e) {
            throw new InvalidInput(file + ": is not UTF-8 text", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * An object by keys; a key whose value is null is left out.
     *
     * @throws InvalidInput when the file is missing, too long, or not an object
     */
    static Map<String, Object> object(Path file) {
        Map<String, Object> object = new LinkedHashMap<>();
        read(file, ObjectNode.class)
                .properties()
                .forEach(
                        entry -> {
                            if (!entry.getValue().isNull()) {
                                object.put(entry.getKey(), value(entry.getValue()));
                            }
                        });
        return object;
    }

    private static Object value(JsonNode node) {
        return MAPPER.convertValue(node, Object.class);
    }
}
