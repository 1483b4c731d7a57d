package dev.kiln.platform.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.inject.Key;
import dev.kiln.platform.config.Catalog.Supplied;
import dev.kiln.platform.config.DefaultOptions;
import dev.kiln.platform.config.Point;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.run.RunListener;
import dev.kiln.spi.run.RunListenerFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginsTest {
    @TempDir private Path folder;
    private Path plugins;

    @BeforeEach
    void setUp() throws IOException {
        plugins = Files.createDirectories(folder.resolve("home/plugins"));
    }

    /** With all archives of its folder as the installation's own. */
    private KilnRuntime start() {
        Path home = folder.resolve("home");
        TestArchive.bundle(home.resolve("plugins"));
        return KilnRuntime.start(
                new Installation(home, folder.resolve("cache"), folder.resolve("data")));
    }

    private Set<String> listeners() {
        try (KilnRuntime kiln = start()) {
            return Set.copyOf(kiln.catalog().names(RunListenerFactory.class));
        }
    }

    private String onlyRefusal() {
        try (KilnRuntime kiln = start()) {
            assertEquals(1, kiln.refusals().size(), kiln.refusals()::toString);
            return kiln.refusals().getFirst();
        }
    }

    @Test
    void anExtensionOfAnArchiveIsFoundByItsName() {
        new TestArchive("quiet", "1.2.0").listener("silent", "").write(plugins, "quiet");
        try (KilnRuntime kiln = start()) {
            assertEquals(List.of(), kiln.refusals());
            Supplied found = kiln.catalog().at(Point.RUN_LISTENER).get("silent");
            assertEquals("plugin quiet 1.2.0", found.supplier());
            Map<String, RunListenerFactory<?>> bound =
                    kiln.injector().getInstance(new Key<Map<String, RunListenerFactory<?>>>() {});
            assertEquals(found.factory(), bound.get("silent"));
        }
    }

    @Test
    void withoutAPluginsFolderThereAreNoPlugins() throws IOException {
        Files.delete(plugins);
        assertEquals(Set.of(), listeners());
    }

    @Test
    void twoPluginsWithOneNameAreRefusedWithBothNamed() {
        new TestArchive("first", "1.0.0").listener("same", "").write(plugins, "first");
        new TestArchive("second", "2.0.0").listener("same", "").write(plugins, "second");
        InvalidInput error = assertThrows(InvalidInput.class, this::start);
        assertEquals(
                "two extensions have one name: run listener 'same' comes from plugin first 1.0.0 and"
                        + " from plugin second 2.0.0; remove one of them",
                error.getMessage());
    }

    @Test
    void aPluginForAnotherSpiIsRefusedAndTheOthersGoOn() {
        new TestArchive("good", "1.0.0").listener("good", "").write(plugins, "good");
        new TestArchive("late", "3.0.0")
                .with("Plugin-Requires", ">=2.0.0")
                .listener("late", "")
                .write(plugins, "late");
        String refusal = "plugin late 3.0.0 was refused: it needs SPI >=2.0.0, and this is 0.1.0";
        assertEquals(refusal, onlyRefusal());
        assertEquals(Set.of("good"), listeners());
        try (KilnRuntime kiln = start()) {
            InvalidInput error =
                    assertThrows(
                            InvalidInput.class,
                            () -> kiln.catalog().find(RunListenerFactory.class, "late"));
            assertEquals(
                    "unknown run listener 'late'; there are: good (" + refusal + ")",
                    error.getMessage());
        }
    }

    @Test
    void aRangeOfVersionsThatIsNoneIsRefused() {
        new TestArchive("odd", "1.0.0").with("Plugin-Requires", ">>1").write(plugins, "odd");
        assertEquals(
                "plugin odd 1.0.0 was refused: its Plugin-Requires '>>1' is no range of versions",
                onlyRefusal());
    }

    @Test
    void aPluginThatThrowsInItsConstructorIsRefusedAndTheOthersGoOn() {
        new TestArchive("good", "1.0.0").listener("good", "").write(plugins, "good");
        new TestArchive("bad", "1.0.0")
                .listener("bad", "if (true) throw new IllegalStateException(\"no\\nluck\");")
                .write(plugins, "bad");
        assertEquals(
                "plugin bad 1.0.0 was refused: its extension p.Listener cannot be created:"
                        + " IllegalStateException: no luck",
                onlyRefusal());
        assertEquals(Set.of("good"), listeners());
    }

    @Test
    void whateverAPluginThrowsItIsRefusedAndTheOthersGoOn() {
        new TestArchive("good", "1.0.0").listener("good", "").write(plugins, "good");
        TestArchive error = new TestArchive("error", "1.0.0");
        error.listener("error", "if (true) throw new Error(\"all \\u001b[31mred\");");
        assertRefused(error, "Error: all ?[31mred");
        TestArchive deep = new TestArchive("deep", "1.0.0").listener("deep", "new Listener();");
        assertRefused(deep, "StackOverflowError");
        TestArchive initializer =
                new TestArchive("static", "1.0.0").listener("static", "Early.touch();");
        initializer.source(
                "p.Early",
                "package p; class Early { static int n = 1 / (int) 0L; static void touch() {} }");
        assertRefused(initializer, "ArithmeticException: / by zero");
    }

    private void assertRefused(TestArchive archive, String reason) {
        Path file = archive.write(plugins, "bad");
        try (KilnRuntime kiln = start()) {
            assertEquals(Set.of("good"), kiln.catalog().names(RunListenerFactory.class));
            assertEquals(1, kiln.refusals().size(), kiln.refusals()::toString);
            String line = kiln.refusals().getFirst();
            assertTrue(
                    line.endsWith("its extension p.Listener cannot be created: " + reason), line);
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aPluginThatLacksAClassIsRefused() {
        new TestArchive("good", "1.0.0").listener("good", "").write(plugins, "good");
        TestArchive lacking = new TestArchive("bad", "1.0.0").listener("bad", "new q.Gone();");
        lacking.library("q.Gone", "package q; public class Gone {}").withoutLibrary();
        assertRefused(lacking, "ClassNotFoundException: q.Gone");
    }

    @Test
    void aPluginThatLacksAClassOnlyWhenItIsUsedIsNamed() {
        TestArchive late = new TestArchive("late", "1.0.0").extension("p.Late", LATE);
        late.library("q.Gone", "package q; public class Gone {}").withoutLibrary();
        late.write(plugins, "late");
        try (KilnRuntime kiln = start()) {
            RunListenerFactory<?> factory = kiln.catalog().find(RunListenerFactory.class, "late");
            RunContext context = new RunContext(1, folder, folder, folder);
            InvalidInput error =
                    assertThrows(
                            InvalidInput.class,
                            () -> DefaultOptions.choose(factory, kiln.catalog()).create(context));
            assertEquals(
                    "run listener late of plugin late 1.0.0 cannot be created:"
                            + " java.lang.NoClassDefFoundError: q/Gone",
                    error.getMessage());
        }
    }

    private static final String LATE =
            """
            package p;
            import dev.kiln.spi.*;
            import dev.kiln.spi.run.*;
            public class Late implements RunListenerFactory<NoOptions> {
                public String name() { return "late"; }
                public Class<NoOptions> options() { return NoOptions.class; }
                public RunListener create(NoOptions options, Context context) {
                    new q.Gone();
                    return event -> {};
                }
            }
            """;

    @Test
    void twoPluginsWithTwoVersionsOfALibraryRunInOneProcess() {
        for (String version : List.of("1", "2")) {
            String library =
                    "package lib; public class Library { public static String version%s() { return"
                            + " \"%s\"; } }";
            new TestArchive("user" + version, "1.0.0")
                    .library("lib.Library", library.formatted(version, version))
                    .extension("p.Listener", USER.replace("VERSION", version))
                    .write(plugins, "user" + version);
        }
        try (KilnRuntime kiln = start()) {
            assertEquals(List.of(), kiln.refusals());
            RunContext context = new RunContext(1, folder, folder, folder);
            List<String> said = new ArrayList<>();
            for (String name : List.of("user1", "user2", "user1")) {
                RunListenerFactory<?> factory = kiln.catalog().find(RunListenerFactory.class, name);
                said.add(DefaultOptions.choose(factory, kiln.catalog()).create(context).toString());
            }
            assertEquals(List.of("1", "2", "1"), said);
        }
    }

    /** A listener that says which version of its library it has. */
    private static final String USER =
            """
            package p;
            import dev.kiln.spi.*;
            import dev.kiln.spi.run.*;
            public class Listener implements RunListenerFactory<NoOptions> {
                public String name() { return "userVERSION"; }
                public Class<NoOptions> options() { return NoOptions.class; }
                public RunListener create(NoOptions options, Context context) {
                    return new RunListener() {
                        public void on(RunEvent event) {}
                        public String toString() { return lib.Library.versionVERSION(); }
                    };
                }
            }
            """;

    @Test
    void dependenciesThatCannotBeReadAreRefused() {
        new TestArchive("root", "1.0.0").write(plugins, "root");
        new TestArchive("odd", "1.0.0")
                .with("Plugin-Dependencies", "root@>>1")
                .write(plugins, "odd");
        assertEquals(
                "plugin odd 1.0.0 was refused: its Plugin-Dependencies '>>1' is no range of versions",
                onlyRefusal());
    }

    @Test
    void aPluginBesideACircleOfOthersGoesOn() {
        new TestArchive("a", "1.0.0").with("Plugin-Dependencies", "y").write(plugins, "a");
        new TestArchive("x", "1.0.0").with("Plugin-Dependencies", "z").write(plugins, "x");
        new TestArchive("y", "1.0.0").listener("y", "").write(plugins, "y");
        new TestArchive("z", "1.0.0").with("Plugin-Dependencies", "x").write(plugins, "z");
        try (KilnRuntime kiln = start()) {
            assertEquals(
                    List.of(
                            "plugin x 1.0.0 was refused: what it depends on depends on it",
                            "plugin z 1.0.0 was refused: it needs plugin x, which is not here"),
                    kiln.refusals());
            assertEquals(Set.of("y"), kiln.catalog().names(RunListenerFactory.class));
        }
    }

    @Test
    void aPluginWhoseClassIsMissingIsRefused() {
        TestArchive archive = new TestArchive("gone", "1.0.0").listener("gone", "");
        archive.extension("p.Nowhere", "package p; class Other {}").write(plugins, "gone");
        assertEquals(
                "plugin gone 1.0.0 was refused: its extension p.Nowhere cannot be created:"
                        + " ClassNotFoundException: p.Nowhere",
                onlyRefusal());
        assertEquals(Set.of(), listeners());
    }

    @Test
    void anExtensionWithAnIllFormedNameIsRefused() {
        new TestArchive("loud", "1.0.0").listener("Loud One", "").write(plugins, "loud");
        assertEquals(
                "plugin loud 1.0.0 was refused: its extension p.Listener cannot be created:"
                        + " IllegalArgumentException: expected a name of a-z, 0-9 and -, found"
                        + " 'Loud One'",
                onlyRefusal());
    }

    @Test
    void anArchiveThatIsBrokenIsRefused() throws IOException {
        Files.writeString(plugins.resolve("broken.zip"), "not a zip");
        assertEquals("plugin archive broken.zip was refused: it is no zip archive", onlyRefusal());
    }

    @Test
    void aPluginTwiceIsRefusedOnce() {
        new TestArchive("twin", "1.0.0").listener("twin", "").write(plugins, "a");
        new TestArchive("twin", "1.1.0").listener("twin", "").write(plugins, "b");
        assertEquals(
                "plugin twin 1.1.0 was refused: its id is that of plugin twin 1.0.0",
                onlyRefusal());
        assertEquals(Set.of("twin"), listeners());
    }

    @Test
    void aPluginWithoutWhatItDependsOnIsRefused() {
        new TestArchive("leaf", "1.0.0")
                .with("Plugin-Dependencies", "root@>=2.0.0")
                .write(plugins, "leaf");
        assertEquals(
                "plugin leaf 1.0.0 was refused: it needs plugin root, which is not here",
                onlyRefusal());
        new TestArchive("root", "1.0.0").write(plugins, "root");
        assertEquals(
                "plugin leaf 1.0.0 was refused: it needs version >=2.0.0 of plugin root, and found"
                        + " 1.0.0",
                onlyRefusal());
    }

    @Test
    void aPluginSeesTheClassesOfThePluginThatItDependsOn() {
        String shared = "package r; public class Shared {}";
        new TestArchive("root", "1.0.0").source("r.Shared", shared).write(plugins, "z-root");
        new TestArchive("leaf", "1.0.0")
                .with("Plugin-Dependencies", "root")
                .listener("leaf", loads("r.Shared"))
                .write(plugins, "leaf");
        assertEquals(Set.of("leaf"), listeners());
    }

    @Test
    void aPluginSeesItsOwnResourcesThenThoseOfThePluginThatItDependsOn() {
        String shared = "package r; public class Shared {}";
        new TestArchive("root", "1.0.0")
                .source("r.Shared", shared)
                .source("r.Other", "package r; public class Other {}")
                .write(plugins, "root");
        String check =
                """
                ClassLoader mine = Listener.class.getClassLoader();
                if (mine.getResource("r/Other.class") == null
                        || mine.getResource("r/None.class") != null
                        || !mine.getResource("r/Shared.class").toString().contains("leaf")
                        || mine.resources("r/Shared.class").count() != 2) {
                    throw new IllegalStateException("other resources");
                }
                """;
        new TestArchive("leaf", "1.0.0")
                .with("Plugin-Dependencies", "root")
                .source("r.Shared", shared)
                .listener("leaf", check)
                .write(plugins, "leaf");
        assertEquals(Set.of("leaf"), listeners());
    }

    @Test
    void pluginsThatDependOnEachOtherAreRefused() {
        new TestArchive("a", "1.0.0").with("Plugin-Dependencies", "b").write(plugins, "a");
        new TestArchive("b", "1.0.0").with("Plugin-Dependencies", "a").write(plugins, "b");
        try (KilnRuntime kiln = start()) {
            assertEquals(2, kiln.refusals().size(), kiln.refusals()::toString);
        }
    }

    @Test
    void noneOfThePlatformsLibrariesShowsThrough() {
        for (String hidden :
                List.of(
                        "com.google.inject.Injector",
                        "org.yaml.snakeyaml.Yaml",
                        "com.fasterxml.jackson.databind.ObjectMapper",
                        "dev.kiln.platform.config.Catalog")) {
            new TestArchive("spy", "1.0.0").listener("spy", loads(hidden)).write(plugins, "spy");
            assertEquals(
                    "plugin spy 1.0.0 was refused: its extension p.Listener cannot be created:"
                            + " ClassNotFoundException: "
                            + hidden,
                    onlyRefusal());
        }
    }

    @Test
    void theSharedClassesAndTheJdkAreThePlatforms() {
        String body =
                loads("dev.kiln.spi.Factory")
                        + loads("org.slf4j.LoggerFactory")
                        + loads("jakarta.inject.Inject")
                        + loads("javax.xml.parsers.SAXParser")
                        + loads("java.sql.Driver");
        new TestArchive("user", "1.0.0").listener("user", body).write(plugins, "user");
        assertEquals(Set.of("user"), listeners());
    }

    @Test
    void aPluginsOwnClassesComeBeforeAllButTheSharedOnes() {
        String own = "package org.yaml.snakeyaml; public class Yaml { public int mine; }";
        String fake = "package dev.kiln.spi; public class InvalidInput { public int mine; }";
        String check =
                """
                try {
                    Class.forName("org.yaml.snakeyaml.Yaml").getField("mine");
                    if (Class.forName("dev.kiln.spi.InvalidInput").getFields().length > 0) {
                        throw new IllegalStateException("the plugin's own SPI class");
                    }
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e);
                }
                """;
        new TestArchive("own", "1.0.0")
                .library("org.yaml.snakeyaml.Yaml", own)
                .source("dev.kiln.spi.InvalidInput", fake)
                .listener("own", check)
                .write(plugins, "own");
        assertEquals(Set.of("own"), listeners());
    }

    private static String loads(String className) {
        return """
        try {
            Class.forName("%s");
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
        """
                .formatted(className);
    }

    private static final String INJECTED =
            """
            package p;
            import dev.kiln.spi.*;
            import dev.kiln.spi.run.*;
            import jakarta.inject.Inject;
            public class Injected implements RunListenerFactory<NoOptions> {
                private final Extensions extensions;
                private final ConfigFiles files;
                @Inject Injected(Extensions extensions, ConfigFiles files) {
                    this.extensions = extensions;
                    this.files = files;
                }
                public String name() { return "injected"; }
                public Class<NoOptions> options() { return NoOptions.class; }
                public RunListener create(NoOptions options, Context context) {
                    ClassLoader mine = getClass().getClassLoader();
                    if (Thread.currentThread().getContextClassLoader() != mine) {
                        throw new IllegalStateException("another context class loader");
                    }
                    extensions.find(RunListenerFactory.class, "injected");
                    files.write("r", 1, java.nio.file.Path.of("o"), options);
                    return event -> {};
                }
            }
            """;

    @Test
    void aConstructorGetsTheServicesThatItAsksFor() {
        new TestArchive("asking", "1.0.0").extension("p.Injected", INJECTED).write(plugins, "a");
        try (KilnRuntime kiln = start()) {
            RunListenerFactory<?> factory =
                    kiln.catalog().find(RunListenerFactory.class, "injected");
            ClassLoader before = Thread.currentThread().getContextClassLoader();
            RunContext context = new RunContext(1, folder, folder, folder);
            assertInstanceOf(
                    RunListener.class,
                    DefaultOptions.choose(factory, kiln.catalog()).create(context));
            assertEquals(before, Thread.currentThread().getContextClassLoader());
        }
    }

    @Test
    void askingForExtensionsInAConstructorIsRefused() {
        String early =
                INJECTED.replace(
                        "this.files = files;",
                        "this.files = files; extensions.names(RunListenerFactory.class);");
        new TestArchive("early", "1.0.0").extension("p.Injected", early).write(plugins, "early");
        assertEquals(
                "plugin early 1.0.0 was refused: its extension p.Injected cannot be created:"
                        + " IllegalStateException: extensions cannot be asked for in a factory's"
                        + " constructor",
                onlyRefusal());
    }
}
