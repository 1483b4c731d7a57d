package dev.kiln.platform.cli;

import dev.kiln.platform.config.Point;
import dev.kiln.platform.runtime.SpiVersion;
import dev.kiln.platform.storage.NewFolder;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.Spelling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import javax.lang.model.SourceVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kiln plugins new}: the project of a plugin, to begin with. */
@Command(
        name = "new",
        description = {
            "Writes the Maven project of a plugin: a factory, its contract test, and a recipe.",
            "The same project as that of the archetype kiln-plugin-archetype."
        },
        mixinStandardHelpOptions = true)
final class PluginsNewCommand implements Callable<Integer> {
    @Option(
            names = "--point",
            paramLabel = "POINT",
            required = true,
            completionCandidates = Points.class,
            description = "What it adds, such as attention-pattern or tokenizer (required).")
    private String point = "";

    /** The words of {@code --point}. */
    static final class Points implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return points().iterator();
        }
    }

    @Option(
            names = "--id",
            paramLabel = "ID",
            required = true,
            description = "The plugin's id, such as org.example.bytes (required).")
    private String id = "";

    @Option(
            names = "--word",
            paramLabel = "WORD",
            description = "What chooses it in YAML; the id with - for . if left out.")
    private Optional<String> word = Optional.empty();

    @Option(
            names = "--package",
            paramLabel = "PACKAGE",
            description = "The Java package, and Maven's group; the id with . for - if left out.")
    private Optional<String> javaPackage = Optional.empty();

    @Parameters(paramLabel = "FOLDER", description = "Where to; it must not exist or be empty.")
    private Path folder = Path.of("");

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        String chosen = point();
        require(
                id.matches("[A-Za-z0-9]+([._-][A-Za-z0-9]+)*"),
                "--id",
                id,
                "words of letters and digits, with one of . _ - between them");
        String yaml = word.orElse(id.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "-"));
        require(yaml.matches("[a-z0-9-]+"), "--word", yaml, "a-z, 0-9 and -");
        String java = javaPackage.orElse(id.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "."));
        require(SourceVersion.isName(java), "--package", java, "the name of a Java package");
        PluginTemplate template =
                new PluginTemplate(
                        Map.of(
                                "groupId", java,
                                "artifactId", id,
                                "version", "0.1.0",
                                "package", java,
                                "packageInPathFormat", java.replace('.', '/'),
                                "word", yaml,
                                "point", chosen,
                                "kilnVersion", SpiVersion.current()));
        NewFolder.write(folder, project -> template.write(chosen, project));
        spec.commandLine().getOut().println(folder + ": see README.md, then mvn package");
        return 0;
    }

    private String point() {
        List<String> points = points();
        if (points.contains(point)) {
            return point;
        }
        throw new InvalidInput(
                String.format(
                        Locale.ROOT,
                        "--point: there is no extension point '%s'%s; expected one of %s",
                        point,
                        Spelling.nearest(point, points)
                                .map(near -> ", did you mean '" + near + "'?")
                                .orElse(""),
                        String.join(", ", points)));
    }

    static List<String> points() {
        return Arrays.stream(Point.values()).map(PluginsNewCommand::word).toList();
    }

    /** A point as {@code --point} has it. */
    static String word(Point point) {
        return point.word().replace(' ', '-');
    }

    private static void require(boolean fits, String option, String value, String expected) {
        if (!fits) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT, "%s: expected %s, found '%s'", option, expected, value));
        }
    }
}
