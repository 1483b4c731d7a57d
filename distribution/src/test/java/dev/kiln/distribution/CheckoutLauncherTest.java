package dev.kiln.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.distribution.Unpacked.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./kiln} of a source checkout, with a Maven that only says how it was called. */
class CheckoutLauncherTest {
    private static final Path ROOT = Path.of(System.getProperty("basedir", "")).resolve("..");
    private static final String FINDER = "distribution/src/launcher/find-java.sh";

    @TempDir private Path place;
    private Path checkout;
    private Path programs;
    private Path jdk;

    @BeforeEach
    void checkOut() throws IOException {
        checkout = place.resolve("a checkout");
        programs = place.resolve("some programs");
        jdk = FakePrograms.jdk(place.resolve("a JDK"), 25);
        Files.createDirectories(checkout.resolve(FINDER).getParent());
        Files.copy(ROOT.resolve(FINDER), checkout.resolve(FINDER));
        Files.copy(ROOT.resolve("kiln"), checkout.resolve("kiln"));
        Files.writeString(checkout.resolve("pom.xml"), "    <version>7</version>\n");
        Files.createDirectories(checkout.resolve("api/spi"));
        Files.createDirectories(checkout.resolve("api/testkit"));
        FakePrograms.script(
                programs.resolve("mvn"),
                """
                echo "$JAVA_HOME, $PWD: $*" >"$0.txt"
                mkdir -p distribution/target/kiln-7/bin
                printf '#!/bin/sh\\necho "staged $*"\\n' >distribution/target/kiln-7/bin/kiln
                chmod +x distribution/target/kiln-7/bin/kiln
                """);
    }

    /** Runs a shell's script, in which {@code $0} is the launcher and nothing but the path is set. */
    private Result shell(String script, String... environment) throws Exception {
        List<String> command = new ArrayList<>(List.of("env", "-i"));
        command.add("PATH=" + programs + ":" + System.getenv("PATH"));
        command.addAll(List.of(environment));
        command.addAll(List.of("sh", "-c", script, checkout.resolve("kiln").toString()));
        return Unpacked.execute(place, command);
    }

    private String calledMaven() throws IOException {
        return Files.readString(programs.resolve("mvn.txt"));
    }

    @Test
    void buildsOnceWithNothingSetButThePath() throws Exception {
        Path home = jdk.toRealPath();
        String path = "PATH=" + home.resolve("bin") + ":" + programs + ":/usr/bin:/bin";
        Result first = shell("\"$0\" plan x", path);
        assertEquals(new Result(0, "staged plan x\n", "kiln: building (first run only)…\n"), first);
        assertTrue(
                calledMaven().startsWith(home + ", " + checkout.toRealPath() + ": -B"),
                calledMaven());
        assertEquals(new Result(0, "staged \n", ""), shell("\"$0\"", path));
    }

    @Test
    void buildsFromAFolderThatWasRemoved() throws Exception {
        Result result =
                shell(
                        "mkdir gone && cd gone && rmdir ../gone && exec \"$0\" plan",
                        "JAVA_HOME=" + jdk);
        assertEquals(0, result.exitCode(), result.errors());
        assertEquals("staged plan\n", result.output());
    }

    @Test
    void saysInOneLineThatNoJdkIsThere() throws Exception {
        Path finder = checkout.resolve(FINDER);
        Files.writeString(
                finder, Files.readString(finder).replace("KILN_JAVA=25", "KILN_JAVA=999"));
        assertEquals(
                new Result(2, "", "kiln: no JDK 999 found: install one or set JAVA_HOME to one\n"),
                shell("\"$0\" plan"));
    }

    @Test
    void whatPluginsAreWrittenAgainstIsInstalledAndNothingElse() throws Exception {
        Result result = shell("\"$0\" install-artifacts -o", "JAVA_HOME=" + jdk);
        assertEquals(
                new Result(0, "", "kiln: installing version 7 of api/spi,api/testkit…\n"), result);
        assertTrue(
                calledMaven().contains(" -Partifacts -pl api/spi,api/testkit -am "), calledMaven());
        assertTrue(calledMaven().endsWith(" -o install\n"), calledMaven());
    }

    @Test
    void aBuildThatFailsNamesItsErrorsAndItsLog() throws Exception {
        FakePrograms.script(programs.resolve("mvn"), "echo '[ERROR] no luck'; exit 1");
        Result result = shell("\"$0\" plan", "JAVA_HOME=" + jdk);
        assertEquals(1, result.exitCode());
        assertEquals("", result.output());
        assertEquals(
                "kiln: building (first run only)…\n[ERROR] no luck\n"
                        + "kiln: the build failed; all of Maven's output is in "
                        + checkout.toRealPath().resolve("target/kiln-build.log")
                        + "\n",
                result.errors());
    }
}
