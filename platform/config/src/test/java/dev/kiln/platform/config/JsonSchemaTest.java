package dev.kiln.platform.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSchemaTest {
    private static final String SCHEMA = JsonSchema.of(TestExtensions.CATALOG);
    private static final Schema VALIDATOR =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(SCHEMA);

    private static List<Error> errors(String yaml) {
        return VALIDATOR.validate(NodeJson.of(YamlReader.value(yaml, new Place("test"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{run: pretrain, data: wordnet}",
                "{run: pretrain, data: {wordnet: null}, model: {gpt1: {layers: 3}}}",
                "{run: pretrain, data: {text: {path: a}}, tokens: 100_000, learningRate: 1e-3}",
                "{run: pretrain, data: wordnet, listeners: plot}",
                "{run: pretrain, data: wordnet, listeners: [console, {plot: {format: svg}}]}",
                "{run: pretrain, data: wordnet, seed: 3, out: here, stop: null, order: sequential}",
                "{run: pretrain, data: wordnet, sources: [{name: a, weight: 1, data: wordnet}]}",
                "{extends: b.yaml, data: text, weights: {a: 1}}",
                "{extends: b.yaml}"
            })
    void acceptsWhatTheReaderAccepts(String yaml) {
        assertEquals(List.of(), errors(yaml));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{run: pretrain}",
                "{data: wordnet}",
                "{run: pretrian, data: wordnet}",
                "{run: pretrain, data: text}",
                "{run: pretrain, data: books}",
                "{run: pretrain, data: {text: {path: a}, wordnet: {}}}",
                "{run: pretrain, data: wordnet, batch: 0}",
                "{run: pretrain, data: wordnet, batch: six}",
                "{run: pretrain, data: wordnet, learningRate: 2}",
                "{run: pretrain, data: wordnet, resume: maybe}",
                "{run: pretrain, data: wordnet, order: any}",
                "{run: pretrain, data: wordnet, sources: [{name: a, weight: 1}]}",
                "{run: pretrain, data: wordnet, ramp: {from: 1, over: 0}}",
                "{run: pretrain, data: wordnet, model: {gpt2: {layer: 3}}}",
                "{extends: b.yaml, model: {gpt2: {layer: 3}}}"
            })
    void refusesWhatTheReaderRefuses(String yaml) {
        assertFalse(errors(yaml).isEmpty());
    }

    @Test
    void isItselfAValidSchema() throws Exception {
        Schema meta =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(
                                com.networknt.schema.SchemaLocation.of(
                                        "https://json-schema.org/draft/2020-12/schema"));
        assertEquals(List.of(), meta.validate(new ObjectMapper().readTree(SCHEMA)));
    }

    @Test
    void tellsDefaultsRangesAndMeanings() throws Exception {
        JsonNode definitions = new ObjectMapper().readTree(SCHEMA).get("$defs");
        JsonNode run = definitions.get("run.pretrain").get("properties");
        assertEquals(1, run.get("batch").get("minimum").asInt());
        assertEquals(8, run.get("batch").get("default").asInt());
        assertEquals("Where the text comes from", run.get("data").get("description").asText());
        assertTrue(run.get("tokenizer").get("default").get("bpe").has("vocabulary"));
        assertEquals("#/$defs/data-source", run.get("data").get("$ref").asText());
    }
}
