package dev.kiln.plugins.bpe;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Whether older files say what tables say, compared as they are read: a start needs no trees and no
 * maps for that. Files that differ in any way, or are broken, are left to the readers that explain.
 */
final class OlderFiles {
    private OlderFiles() {}

    /** Whether a {@code vocab.json} lists every spelling, with its id. */
    static boolean isVocabulary(Path file, List<String> spellings) throws IOException {
        try (JsonParser json = Json.FACTORY.createParser(TextFile.read(file, "vocabulary"))) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            int count = 0;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String spelling = json.currentName();
                if (json.nextToken() != JsonToken.VALUE_NUMBER_INT
                        || json.getNumberType() != JsonParser.NumberType.INT
                        || !isAt(spellings, json.getIntValue(), spelling)) {
                    return false;
                }
                count++;
            }
            return count == spellings.size() && json.nextToken() == null;
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static boolean isAt(List<String> spellings, int id, String spelling) {
        return id >= 0 && id < spellings.size() && spellings.get(id).equals(spelling);
    }

    /** Whether a {@code merges.txt} lists every merge, in this order, a line of version before. */
    static boolean isMerges(Path file, BpeTables tables) throws IOException {
        String text = TextFile.read(file, "merges");
        int at = text.startsWith("#version") ? text.indexOf('\n') + 1 : 0;
        for (Merge merge : tables.merges().ranked()) {
            String left = tables.spellings().get(merge.left());
            String right = tables.spellings().get(merge.right());
            int space = at + left.length();
            int end = space + 1 + right.length();
            boolean same =
                    text.startsWith(left, at)
                            && text.startsWith(" ", space)
                            && text.startsWith(right, space + 1)
                            && text.startsWith("\n", end);
            if (!same) {
                return false;
            }
            at = end + 1;
        }
        return at == text.length();
    }
}
