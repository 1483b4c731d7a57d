package dev.kiln.distribution.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against bills written by hand, by the specification of CycloneDX 1.6. */
class BillOfMaterialsTest {
    private static final String TEXT =
            Base64.getEncoder().encodeToString("May be used.".getBytes());
    private static final String NOT_FOUND =
            Base64.getEncoder().encodeToString("404: Not Found".getBytes());

    @TempDir private Path folder;

    private Path bill(String subject, String... libraries) throws IOException {
        List<String> components = new ArrayList<>();
        List<String> refs = new ArrayList<>();
        for (String library : libraries) {
            components.add(component(library));
            refs.add("\"" + library + "\"");
        }
        String text =
                """
                {"metadata": {"timestamp": "now", "component": %s},
                 "components": %s,
                 "dependencies": [{"ref": "%s", "dependsOn": %s}]}
                """
                        .formatted(component(subject), components, subject, refs);
        return Files.writeString(folder.resolve(subject + ".json"), text);
    }

    /** Two licences, of which one has no text. */
    private static String component(String ref) {
        return """
        {"type": "library", "bom-ref": "%s", "name": "%s", "version": "%s", "licenses": [
          {"license": {"id": "X-1", "text": {"encoding": "base64", "content": "%s"}}},
          {"license": {"id": "Y-2", "text": {"encoding": "base64", "content": "%s"}}}]}
        """
                .formatted(ref, ref.split("@")[0], ref.split("@")[1], TEXT, NOT_FOUND);
    }

    private JsonNode merged(Path... bills) throws IOException {
        BillOfMaterials.of(List.of(bills), "25.0.1+2", "Somebody").write(folder);
        return new ObjectMapper().readTree(folder.resolve("sbom.cdx.json").toFile());
    }

    @Test
    void twoVersionsOfALibraryStayTwo() throws IOException {
        JsonNode all = merged(bill("kiln@1", "lib@1"), bill("plugin@1", "lib@1", "lib@2"));
        assertEquals("kiln", all.at("/metadata/component/name").asText());
        assertEquals(
                List.of("java@25.0.1+2", "lib@1", "lib@2", "plugin@1"),
                all.path("components").findValuesAsText("bom-ref"));
        assertEquals(
                "[\"java@25.0.1+2\",\"lib@1\",\"plugin@1\"]",
                all.at("/dependencies/0/dependsOn").toString());
        assertEquals("[\"lib@1\",\"lib@2\"]", all.at("/dependencies/1/dependsOn").toString());
    }

    @Test
    void licencesAreListedAndTheirTextsAreFiles() throws IOException {
        JsonNode all = merged(bill("kiln@1", "lib@1"));
        assertEquals("[]", all.findValues("text").toString());
        Path licences = folder.resolve("licences");
        assertEquals("May be used.\n", Files.readString(licences.resolve("X-1.txt")));
        assertFalse(Files.exists(licences.resolve("Y-2.txt")));
        assertEquals(
                "OpenJDK runtime 25.0.1+2: GPL-2.0-with-classpath-exception\nlib 1: X-1 or Y-2\n",
                Files.readString(licences.resolve("LIST.txt")).replace("\r", ""));
    }
}
