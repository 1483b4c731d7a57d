package dev.kiln.distribution.authoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.config.Point;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/plugins shows is what the build compiles and runs. */
class PluginPagesTest {
    private static final Path ROOT = Path.of(System.getProperty("basedir", "")).resolve("..");
    private static final Path PAGES = ROOT.resolve("docs/plugins");
    private static final Pattern CODE = Pattern.compile("```(java|yaml)\n");
    private static final Pattern SNIPPET =
            Pattern.compile("<!-- from (\\S+) -->\n```(?:java|yaml)\n(.*?)\n```\n", Pattern.DOTALL);

    @Test
    void everySnippetIsPartOfItsFile() throws IOException {
        int snippets = 0;
        for (Path page : pages()) {
            for (MatchResult snippet : SNIPPET.matcher(Files.readString(page)).results().toList()) {
                assertTrue(
                        lines(file(snippet.group(1))).contains(lines(snippet.group(2))),
                        page
                                + " shows what is not in "
                                + snippet.group(1)
                                + ":\n"
                                + snippet.group(2));
                snippets++;
            }
        }
        assertTrue(snippets > 30, "only " + snippets + " snippets");
    }

    @Test
    void everyPieceOfCodeSaysWhichFileItIsFrom() throws IOException {
        for (Path page : pages()) {
            String text = Files.readString(page);
            assertEquals(
                    CODE.matcher(text).results().count(),
                    SNIPPET.matcher(text).results().count(),
                    page + " has code of no file");
        }
    }

    @Test
    void everyPointHasItsPage() throws IOException {
        String index = Files.readString(PAGES.resolve("README.md"));
        for (Point point : Point.values()) {
            String page = point.word().replace(' ', '-') + ".md";
            assertTrue(Files.exists(PAGES.resolve(page)), page);
            assertTrue(index.contains("](" + page + ")"), "README.md does not name " + page);
        }
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(PAGES, "*.md")) {
            all.forEach(pages::add);
        }
        return pages;
    }

    /** A template's file as the pages have it. */
    private static String file(String path) throws IOException {
        return Files.readString(ROOT.resolve(path))
                .replace("${package}", "org.example.plugin")
                .replace("${word}", "mine");
    }

    /** Whole lines, whatever their indentation. */
    private static String lines(String text) {
        StringBuilder lines = new StringBuilder("\n");
        text.lines().forEach(line -> lines.append(line.strip()).append('\n'));
        return lines.toString();
    }
}
