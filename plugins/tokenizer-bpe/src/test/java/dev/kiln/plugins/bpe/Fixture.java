package dev.kiln.plugins.bpe;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.kiln.spi.Context;
import dev.kiln.testkit.fixtures.FolderContext;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What src/test/python/make_fixtures.py made. */
record Fixture(String text, int[] ids, String decoded) {

    static Path path(String name) {
        try {
            return Path.of(Fixture.class.getResource("/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** The lines of a .jsonl file: texts with the ids that the other tokenizer gives. */
    static List<Fixture> read(String name) throws IOException {
        List<Fixture> fixtures = new ArrayList<>();
        try (JsonParser json = new JsonFactory().createParser(path(name).toFile())) {
            while (json.nextToken() == JsonToken.START_OBJECT) {
                fixtures.add(read(json));
            }
        }
        return fixtures;
    }

    private static Fixture read(JsonParser json) throws IOException {
        String text = "";
        String decoded = "";
        List<Integer> ids = new ArrayList<>();
        for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
            json.nextToken();
            switch (key) {
                case "text" -> text = json.getText();
                case "decoded" -> decoded = json.getText();
                case "ids" -> {
                    while (json.nextToken() == JsonToken.VALUE_NUMBER_INT) {
                        ids.add(json.getIntValue());
                    }
                }
                default -> throw new AssertionError("unknown key " + key);
            }
        }
        return new Fixture(text, ids.stream().mapToInt(i -> i).toArray(), decoded);
    }

    /** The corpus of the fixtures, a line a document. */
    static Context corpus() throws IOException {
        return corpus(Files.readAllLines(path("corpus.txt")));
    }

    static Context corpus(List<String> documents) {
        return new FolderContext(1, Path.of(""), documents);
    }
}
