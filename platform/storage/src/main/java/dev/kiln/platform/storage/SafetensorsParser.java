package dev.kiln.platform.storage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/** Reads the JSON of a header token by token, so that nothing unexpected is ever built. */
final class SafetensorsParser {
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private final Path file;
    private final JsonParser json;
    private final SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private SafetensorsParser(Path file, JsonParser json) {
        this.file = file;
        this.json = json;
    }

    /**
     * @param text the header
     * @throws InvalidInput when it is not what the format says; names the file and the tensor
     */
    static SafetensorsHeader parse(Path file, String text) {
        if (!text.startsWith("{")) {
            throw new InvalidInput(
                    file + ": the header is not a JSON object: it must begin with {");
        }
        try (JsonParser json = JSON.createParser(text)) {
            return new SafetensorsParser(file, json).header();
        } catch (JsonProcessingException e) {
            throw new InvalidInput(invalidJson(file, e), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String invalidJson(Path file, JsonProcessingException e) {
        String problem = e.getOriginalMessage().lines().findFirst().orElse("");
        if (e instanceof JsonParseException && problem.startsWith("Duplicate field")) {
            String name = problem.substring(problem.indexOf('\'') + 1, problem.lastIndexOf('\''));
            return file + ": the name '" + name + "' appears twice in the header";
        }
        long at = e.getLocation() == null ? 0 : e.getLocation().getCharOffset();
        return file + ": the header is not valid JSON at character " + at + ": " + problem;
    }

    private SafetensorsHeader header() throws IOException {
        json.nextToken();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            if (name.equals(SafetensorsHeader.METADATA)) {
                metadata();
            } else {
                tensors.put(name, tensor(name));
            }
            if (tensors.size() > SafetensorsHeader.MAX_TENSORS) {
                throw invalid("more than " + SafetensorsHeader.MAX_TENSORS + " tensors");
            }
        }
        if (json.nextToken() != null) {
            throw invalid("the header goes on behind its JSON object");
        }
        return new SafetensorsHeader(tensors, metadata);
    }

    private void metadata() throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw invalid("__metadata__ is not an object");
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            if (json.nextToken() != JsonToken.VALUE_STRING) {
                throw invalid("__metadata__ '" + key + "' is not a string");
            }
            metadata.put(key, json.getText());
        }
    }

    private StoredTensor tensor(String name) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw invalid(name, "expected an object with dtype, shape and data_offsets");
        }
        StoredType type = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            switch (json.currentName()) {
                case "dtype" -> type = type(name);
                case "shape" -> shape = numbers(name, "shape");
                case "data_offsets" -> offsets = numbers(name, "data_offsets");
                default -> throw invalid(name, "unknown field '" + json.currentName() + "'");
            }
        }
        if (type == null || shape == null || offsets == null) {
            throw invalid(name, "expected dtype, shape and data_offsets");
        }
        if (offsets.size() != 2) {
            throw invalid(name, "data_offsets has " + offsets.size() + " numbers, expected 2");
        }
        return checked(new StoredTensor(name, type, shape, offsets.get(0), offsets.get(1)));
    }

    private StoredType type(String name) throws IOException {
        json.nextToken();
        String word = json.getText();
        return StoredType.named(word)
                .orElseThrow(() -> invalid(name, "unknown dtype '" + word + "'"));
    }

    private List<Long> numbers(String name, String field) throws IOException {
        List<Long> numbers = new ArrayList<>();
        if (json.nextToken() != JsonToken.START_ARRAY) {
            throw invalid(name, field + " is not a list");
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.VALUE_NUMBER_INT
                    || json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                    || json.getLongValue() < 0) {
                throw invalid(
                        name,
                        field + " holds " + json.getText() + ", expected whole numbers from 0 on");
            }
            numbers.add(json.getLongValue());
        }
        return numbers;
    }

    private StoredTensor checked(StoredTensor tensor) {
        long bytes;
        try {
            bytes = StoredTensor.bytes(tensor.type(), tensor.shape());
        } catch (ArithmeticException e) {
            throw invalid(tensor.name(), "shape " + tensor.shape() + " has too many elements");
        }
        if (tensor.size() * tensor.type().bits() % Byte.SIZE != 0) {
            throw invalid(
                    tensor.name(), tensor.type() + " " + tensor.shape() + " ends within a byte");
        }
        if (tensor.begin() > tensor.end() || tensor.bytes() != bytes) {
            throw invalid(
                    tensor.name(),
                    String.format(
                            Locale.ROOT,
                            "data_offsets [%d, %d] do not fit %s %s, which has %d bytes",
                            tensor.begin(),
                            tensor.end(),
                            tensor.type(),
                            tensor.shape(),
                            bytes));
        }
        return tensor;
    }

    private InvalidInput invalid(String problem) {
        return new InvalidInput(file + ": " + problem);
    }

    private InvalidInput invalid(String tensor, String problem) {
        return new InvalidInput(file + ": tensor '" + tensor + "': " + problem);
    }
}
