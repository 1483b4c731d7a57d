package dev.kiln.distribution.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kiln.distribution.archive.NativeLibraries.Library;
import java.io.IOException;
import java.io.InputStream;
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
        List<Library> natives = List.of(new Library("libx.so.1", "lib-1", "Z-3"));
        BillOfMaterials.of(List.of(bills), natives, "25.0.1+2", "Somebody").write(folder);
        return new ObjectMapper().readTree(folder.resolve("sbom.cdx.json").toFile());
    }

    @Test
    void twoVersionsOfALibraryStayTwo() throws IOException {
        JsonNode all = merged(bill("kiln@1", "lib@1"), bill("plugin@1", "lib@1", "lib@2"));
        assertEquals("kiln", all.at("/metadata/component/name").asText());
        assertEquals(
                List.of("java@25.0.1+2", "lib-1#libx.so.1", "lib@1", "lib@2", "plugin@1"),
                all.path("components").findValuesAsText("bom-ref"));
        assertEquals(
                "[\"java@25.0.1+2\",\"lib-1#libx.so.1\",\"lib@1\",\"plugin@1\"]",
                all.at("/dependencies/0/dependsOn").toString());
        assertEquals("[\"lib@1\",\"lib@2\"]", all.at("/dependencies/1/dependsOn").toString());
    }

    @Test
    void aBillThatIsMissingFails() {
        Path none = folder.resolve("bom.json");
        IllegalStateException error = assertThrows(IllegalStateException.class, () -> merged(none));
        assertTrue(error.getMessage().startsWith("no " + none), error::getMessage);
    }

    @Test
    void aNativeLibraryWhoseLicenceIsNotKnownFails() {
        NativeLibraries natives = new NativeLibraries();
        natives.visit("a-1", "org/a/linux-x86_64/libgomp.so.1", InputStream.nullInputStream());
        natives.visit("a-1", "org/a/linux-x86_64/libjnia.so", InputStream.nullInputStream());
        natives.visit("a-1", "org/a/Some.class", InputStream.nullInputStream());
        assertEquals(
                List.of(
                        new Library(
                                "libgomp.so.1", "a-1", "GPL-3.0-or-later WITH GCC-exception-3.1")),
                natives.found());
        IllegalStateException error =
                assertThrows(
                        IllegalStateException.class,
                        () -> natives.visit("a-1", "b.dll", InputStream.nullInputStream()));
        assertEquals("the licence of b.dll in a-1.jar is not known", error.getMessage());
    }

    @Test
    void licencesAreListedAndTheirTextsAreFiles() throws IOException {
        JsonNode all = merged(bill("kiln@1", "lib@1"));
        assertEquals("[]", all.findValues("text").toString());
        Path licences = folder.resolve("licences");
        assertEquals("May be used.\n", Files.readString(licences.resolve("X-1.txt")));
        assertFalse(Files.exists(licences.resolve("Y-2.txt")));
        assertEquals(
                """
                OpenJDK runtime 25.0.1+2: GPL-2.0-with-classpath-exception
                lib 1: X-1 or Y-2
                libx.so.1 in lib-1.jar: Z-3
                """,
                Files.readString(licences.resolve("LIST.txt")).replace("\r", ""));
    }
}
