package dev.kiln.plugins.bpe;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.IntArrayList;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * GPT-2's 50,000 merges, from jtokkit's {@code r50k_base}. That file lists tokens only, in the order
 * in which their merges were learned; the merge that made a token is found by merging its bytes with
 * what was learned before it, which leaves the two parts.
 */
final class Gpt2Merges {
    private static final int COUNT = 50_000;

    /** Ids by token; a token is a string with one character, 0–255, a byte. */
    private final Map<String, Integer> idOfToken = new HashMap<>();

    private Gpt2Merges() {}

    static Merges load() {
        Encoding r50k = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.R50K_BASE);
        Gpt2Merges known = new Gpt2Merges();
        List<Merge> merges = new ArrayList<>(COUNT);
        for (int id = 0; id < ByteAlphabet.SIZE + COUNT; id++) {
            String token = token(r50k, id);
            if (id >= ByteAlphabet.SIZE) {
                merges.add(known.merge(token, id));
            }
            known.idOfToken.put(token, id);
        }
        return new Merges(merges);
    }

    private static String token(Encoding encoding, int id) {
        IntArrayList ids = new IntArrayList(1);
        ids.add(id);
        return new String(encoding.decodeBytes(ids), StandardCharsets.ISO_8859_1);
    }

    private Merge merge(String token, int id) {
        List<String> parts = new ArrayList<>();
        token.chars().forEach(c -> parts.add(String.valueOf((char) c)));
        while (parts.size() > 2) {
            int left = firstToMerge(parts);
            parts.set(left, parts.get(left) + parts.remove(left + 1));
        }
        return new Merge(idOfToken.get(parts.get(0)), idOfToken.get(parts.get(1)), id);
    }

    private int firstToMerge(List<String> parts) {
        int first = -1;
        int lowest = Integer.MAX_VALUE;
        for (int i = 0; i + 1 < parts.size(); i++) {
            int id = idOfToken.getOrDefault(parts.get(i) + parts.get(i + 1), Integer.MAX_VALUE);
            if (id < lowest) {
                lowest = id;
                first = i;
            }
        }
        return first;
    }
}
