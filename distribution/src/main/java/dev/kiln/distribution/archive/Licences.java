package dev.kiln.distribution.archive;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The licences and notices that libraries bring in their jars, one folder a jar. */
record Licences(Path out) implements Jars.Visitor {
    private static final Pattern NOTICE =
            Pattern.compile("(?:META-INF/)?[^/]*(?:LICEN[CS]E|NOTICE|COPYING)[^/]*");

    @Override
    public void visit(String jar, String path, InputStream content) throws IOException {
        if (path.endsWith("/data.noun")) {
            write(jar, "WORDNET.txt", wordNet(content));
        } else if (NOTICE.matcher(path.toUpperCase(Locale.ROOT)).matches()
                && !path.endsWith(".class")) {
            write(jar, Jars.fileName(path), content.readAllBytes());
        }
    }

    private void write(String jar, String file, byte[] text) throws IOException {
        Files.write(Files.createDirectories(out.resolve(jar)).resolve(file), text);
    }

    /** WordNet's licence is the head of its data: numbered lines, which two blanks tell from data. */
    private static byte[] wordNet(InputStream data) throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(data, StandardCharsets.US_ASCII));
        List<String> licence = new ArrayList<>();
        for (String line = lines.readLine();
                line != null && line.startsWith("  ");
                line = lines.readLine()) {
            licence.add(line.replaceFirst("^ +\\d+ ?", "").stripTrailing());
        }
        return (String.join("\n", licence) + "\n").getBytes(StandardCharsets.US_ASCII);
    }
}
