package dev.kiln.distribution.archive;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Versions and fixes as the National Vulnerability Database has them. */
class KnownFaultsTest {
    private static final String POM = "META-INF/maven/%s/pom.properties";
    private final KnownFaults faults = new KnownFaults();

    private void visit(String jar, String path, String content) throws IOException {
        faults.visit(jar, path, new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)));
    }

    private void pom(String jar, String artifact, String version) throws IOException {
        visit(jar, POM.replace("%s", artifact), "version=" + version + "\n");
    }

    @Test
    void aShadedLibraryWithAFaultFails() {
        IllegalStateException error =
                assertThrows(
                        IllegalStateException.class,
                        () -> pom("jackson-1.0.0-M2.1", "org.yaml/snakeyaml", "1.26"));
        assertEquals(
                "org.yaml:snakeyaml 1.26 in jackson-1.0.0-M2.1.jar has CVE-2022-1471; 2.0 is the"
                        + " first version without",
                error.getMessage());
    }

    @Test
    void aJarWithoutMavensFilesIsKnownByItsName() {
        String manifest = "META-INF/MANIFEST.MF";
        assertThrows(
                IllegalStateException.class, () -> visit("commons-compress-1.21", manifest, ""));
        assertDoesNotThrow(() -> visit("commons-compress-1.26.0", manifest, ""));
        assertDoesNotThrow(() -> visit("kiln", manifest, ""));
    }

    @Test
    void theFirstVersionWithoutTheFaultIsTaken() {
        String guava = "com.google.guava/guava";
        assertThrows(
                IllegalStateException.class, () -> pom("guava-31.0.1-jre", guava, "31.0.1-jre"));
        assertDoesNotThrow(() -> pom("guava-32.0.0-jre", guava, "32.0.0-jre"));
        assertDoesNotThrow(() -> pom("a", "org.example/guava", "1"));
    }

    @Test
    void whatIsAcceptedIsAcceptedInThatJarOnlyAndIsExplained() throws IOException {
        assertEquals(Set.of("guava-1.0.0-M2.1 guava"), faults.unused());
        pom("guava-1.0.0-M2.1", "com.google.guava/guava", "30.1.1-jre");
        assertEquals(Set.of(), faults.unused());
        assertThrows(
                IllegalStateException.class,
                () -> pom("other-1", "com.google.guava/guava", "30.1.1-jre"));
        Path policy = Path.of(System.getProperty("basedir", "")).resolve("../SECURITY.md");
        assertTrue(Files.readString(policy).contains("`guava-1.0.0-M2.1.jar`"));
    }

    @Test
    void otherFilesAreNotRead() {
        InputStream closed = InputStream.nullInputStream();
        assertDoesNotThrow(() -> faults.visit("a-1", "org/example/A.class", closed));
    }
}
