package dev.kiln.plugins.bpe;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

    static void write(Path folder, BpeTables tables) throws IOException {
        List<String> spelled = tables.spellings();
        Stream<String> lines =
                tables.merges().ranked().stream()
                        .map(m -> spelled.get(m.left()) + " " + spelled.get(m.right()));
        Files.writeString(
                folder.resolve(NAME),
                Stream.concat(Stream.of(VERSION + ": 0.2"), lines)
                        .collect(Collectors.joining("\n", "", "\n")));
    }

    /**
     * The merges of a file.
     *
     * @param ids by spelling
     * @param vocabulary the name of the file that the ids are from
     * @throws InvalidInput when the file is missing, broken or doesn't fit; names the line
     */
    static Merges read(Path file, Map<String, Integer> ids, String vocabulary) throws IOException {
        MergeList merges = new MergeList(ids, vocabulary);
        int number = 0;
        // Not lines(), for which a carriage return alone ends a line: here it may be in a token.
        for (String text : TextFile.read(file, "merges").split("\n", -1)) {
            number++;
            String line = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            if (!line.isEmpty() && !(number == 1 && line.startsWith(VERSION))) {
                merges.add(line, file + ":" + number);
            }
        }
        return merges.merges();
    }
}
