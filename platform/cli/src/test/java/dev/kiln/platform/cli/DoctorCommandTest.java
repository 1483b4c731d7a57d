package dev.kiln.platform.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
    @TempDir private Path home;

    @Test
    void namesTheBackendThatAutoTakes() {
        Command command = Command.kiln(home, "", "doctor");
        assertEquals(0, command.exitCode(), command.err());
        assertTrue(
                command.out().contains("  auto takes         reference: is the oracle\n"),
                command.out());
    }

    /** Jackson is the independent judge of the JSON. */
    @Test
    void jsonHasWhatTheTextHas() throws IOException {
        Files.createDirectories(home.resolve("plugins"));
        JsonNode all =
                new ObjectMapper().readTree(Command.kiln(home, "", "doctor", "--json").out());
        assertEquals("reference", all.path("auto").asText());
        assertTrue(all.at("/backends/0/starts").asBoolean(), all.toString());
        assertTrue(all.at("/machine/usable processors").asInt() >= 1, all.toString());
        assertTrue(all.at("/java/heap limit bytes").asLong() > 0, all.toString());
        assertTrue(all.path("advice").isArray(), all.toString());
    }
}
