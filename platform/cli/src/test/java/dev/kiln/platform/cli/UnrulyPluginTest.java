package dev.kiln.platform.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.cli.ForkedKiln.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A plugin that ends, stops or mutes Kiln, in processes of their own. */
@Timeout(120)
class UnrulyPluginTest {
    private static final String CODE = "dev.kiln.platform.cli.UnrulyRun";
    private static final String PLUGIN = "plugin unruly 1.0.0";

    @TempDir private Path home;
    private String config = "";

    @BeforeEach
    void setUp() throws Exception {
        ForkedKiln.at(home)
                .bundle("unruly", UnrulyRun.class, Class.forName(UnrulyRun.class.getName() + "$1"));
        config =
                Files.writeString(
                                home.resolve("x.yaml"),
                                "run: unruly\nout: " + home.resolve("out") + "\n")
                        .toString();
    }

    private Ended kiln(String plan, String... arguments) throws Exception {
        return ForkedKiln.at(home).with("-Dunruly=" + plan).run(arguments);
    }

    private void assertExitIsNamed(String plan, String method, String... arguments)
            throws Exception {
        Ended ended = kiln(plan, arguments);
        assertEquals(
                "kiln: "
                        + PLUGIN
                        + " ended Kiln: "
                        + CODE
                        + method
                        + " called System.exit; 'kiln plugins disable unruly' turns it off\n",
                ended.err());
        assertEquals(1, ended.exitCode());
    }

    @Test
    void thatExitsWhileItIsLoadedIsNamedAndTheExitIsNoSuccess() throws Exception {
        assertExitIsNamed("initializer-exit-as-if-well", ".reach", "schema");
        assertExitIsNamed("name-exit", ".reach", "plugins", "list");
        assertEquals(0, kiln("", "plugins", "list").exitCode());
        assertEquals("", kiln("", "plugins", "list").err());
    }

    @Test
    void thatExitsWhileItRunsIsNamedAtOnce() throws Exception {
        assertExitIsNamed("run-exit", ".reach", "run", config);
    }

    @Test
    void thatHaltsWhileItIsLoadedIsNamedByTheNextStart() throws Exception {
        Ended halted = kiln("options-halt", "schema");
        assertEquals(9, halted.exitCode());
        assertEquals("", halted.err());
        Ended next = kiln("", "validate", config);
        assertEquals(
                "kiln: an earlier start ended while "
                        + PLUGIN
                        + " was being loaded; if it does again, 'kiln plugins disable unruly' turns"
                        + " it off\n",
                next.err());
        assertEquals(0, next.exitCode());
        assertEquals("", kiln("", "validate", config).err());
    }

    @Test
    void thatNeverAnswersIsLeftOutAndTheOthersGoOn() throws Exception {
        Ended ended =
                ForkedKiln.at(home)
                        .with("-Dunruly=name-sleep")
                        .with("-Dkiln.plugins.timeout=3")
                        .run("plugins", "list");
        assertEquals(
                "kiln: "
                        + PLUGIN
                        + " was refused: it did not answer within 3 s in "
                        + CODE
                        + ".sleep; KILN_JAVA_OPTS=-Dkiln.plugins.timeout=SECONDS waits longer\n",
                ended.err());
        assertEquals(0, ended.exitCode());
        assertTrue(ended.out().contains("  auto (platform)\n"), ended.out());
    }

    @Test
    void thatClosesTheOutputsClosesThemForNobodyElse() throws Exception {
        Ended closed = kiln("name-close", "validate", config);
        assertEquals(config + ": valid\n", closed.out());
        Ended missing = kiln("name-close", "validate", home.resolve("none.yaml").toString());
        assertEquals(2, missing.exitCode());
        assertTrue(missing.err().startsWith("kiln: "), missing.err());
    }

    @Test
    void thatThrowsWhatItShouldNotIsNamed() throws Exception {
        Ended creating = kiln("create-throw", "run", config);
        assertEquals(
                "kiln: run unruly of " + PLUGIN + " cannot be created: not this\n", creating.err());
        assertEquals(2, creating.exitCode());
        Ended running = kiln("run-throw", "run", config);
        assertEquals(
                "kiln: internal error in "
                        + CODE
                        + ".reach of "
                        + PLUGIN
                        + ": java.lang.IllegalArgumentException: not this (--debug prints the stack"
                        + " trace)\n",
                running.err());
        assertEquals(1, running.exitCode());
        Ended overflow = kiln("create-overflow", "run", config);
        assertTrue(
                overflow.err()
                        .startsWith("kiln: internal error in " + CODE + ".reach of " + PLUGIN),
                overflow.err());
    }
}
