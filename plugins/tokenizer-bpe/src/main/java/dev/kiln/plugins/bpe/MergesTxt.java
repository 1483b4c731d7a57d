package dev.kiln.plugins.bpe;

import dev.kiln.spi.InvalidInput;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Hugging Face's {@code merges.txt}: a line of version, then a merge a line, the first learned
 * first, as two spellings with a space between them.
 */
final class MergesTxt {
    static final String NAME = "merges.txt";
    private static final String VERSION = "#version";

    private MergesTxt() {}

    static void write(Path folder, Vocabulary vocabulary, Merges merges) throws IOException {
        List<String> spelled = vocabulary.spellings();
        Stream<String> lines =
                merges.ranked().stream()
                        .map(m -> spelled.get(m.left()) + " " + spelled.get(m.right()));
        Files.writeString(
                folder.resolve(NAME),
                Stream.concat(Stream.of(VERSION + ": 0.2"), lines)
                        .collect(Collectors.joining("\n", "", "\n")));
    }

    /** The merges from the file in a folder, with ids by spelling from {@link VocabJson}. */
    static Merges read(Path folder, Map<String, Integer> ids) throws IOException {
        Path file = folder.resolve(NAME);
        if (!Files.isRegularFile(file)) {
            throw new InvalidInput(file + ": no such file; expected a tokenizer's merges");
        }
        List<Merge> merges = new ArrayList<>();
        Set<Long> pairs = new HashSet<>();
        int number = 0;
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (line.isEmpty() || number == 1 && line.startsWith(VERSION)) {
                    continue;
                }
                Merge merge = merge(line, ids, file + ":" + number + ": ");
                if (!pairs.add(Merges.pair(merge.left(), merge.right()))) {
                    throw new InvalidInput(file + ":" + number + ": '" + line + "' comes twice");
                }
                merges.add(merge);
            }
        } catch (CharacterCodingException e) {
            throw new InvalidInput(file + ": not UTF-8, after line " + number, e);
        }
        return new Merges(merges);
    }

    private static Merge merge(String line, Map<String, Integer> ids, String where) {
        String[] parts = line.split(" ", -1);
        if (parts.length != 2) {
            throw new InvalidInput(
                    where + "expected two tokens with a space between them, got '" + line + "'");
        }
        return new Merge(
                id(parts[0], ids, where),
                id(parts[1], ids, where),
                id(parts[0] + parts[1], ids, where));
    }

    private static int id(String spelling, Map<String, Integer> ids, String where) {
        Integer id = ids.get(spelling);
        if (id == null) {
            throw new InvalidInput(where + VocabJson.NAME + " has no token '" + spelling + "'");
        }
        return id;
    }
}
