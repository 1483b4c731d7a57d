package dev.kiln.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.kiln.distribution.Unpacked.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every recipe that the archive brings. */
class RecipesIT {
    @TempDir private static Path place;
    private static Unpacked kiln;

    @BeforeAll
    static void unpack() throws Exception {
        kiln = Unpacked.in(place);
    }

    private static List<Path> recipes() throws IOException {
        try (Stream<Path> files = Files.walk(kiln.home().resolve("configs"))) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
        }
    }

    @Test
    void isValid() throws Exception {
        assertTrue(recipes().size() >= 3, "the archive has its recipes");
        for (Path recipe : recipes()) {
            Result result = kiln.kiln(place, "validate", recipe.toString());
            assertEquals(new Result(0, recipe + ": valid\n", ""), result);
        }
    }

    /** networknt's validator is the independent judge of the schema. */
    @Test
    void satisfiesTheSchema() throws Exception {
        JsonNode text = new ObjectMapper().readTree(kiln.kiln(place, "schema").output());
        Schema schema =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(text);
        for (Path recipe : recipes()) {
            JsonNode yaml = new YAMLMapper().readTree(recipe.toFile());
            assertEquals(List.of(), schema.validate(yaml), recipe.toString());
        }
    }
}
