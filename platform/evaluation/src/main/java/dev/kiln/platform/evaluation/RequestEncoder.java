package dev.kiln.platform.evaluation;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Texts as requests, token by token as EleutherAI's lm-evaluation-harness makes them. Immutable.
 *
 * @param length most tokens of a sequence that the model reads
 */
public record RequestEncoder(Tokenizer tokenizer, int length) {

    /**
     * Continuations of a context. It and each of them are encoded as one text, and those of its ids
     * that come behind as many as the context alone has are the continuation's; whitespace at the
     * context's end counts to the continuation. An empty context is the token that texts begin
     * with, else the one that ends them.
     *
     * @throws InvalidInput when a continuation is empty, or longer than the model's context
     */
    public List<LikelihoodRequest> continuations(String context, List<String> continuations) {
        String before = context.stripTrailing();
        String space = context.substring(before.length());
        int[] ids = before.isEmpty() ? new int[] {beginning()} : tokenizer.encode(before);
        int skipped = before.isEmpty() ? 0 : ids.length;
        List<LikelihoodRequest> requests = new ArrayList<>();
        for (String continuation : continuations) {
            int[] whole = tokenizer.encode(before + space + continuation);
            int from = Math.min(skipped, whole.length);
            requests.add(request(ids, Arrays.copyOfRange(whole, from, whole.length), continuation));
        }
        return requests;
    }

    private LikelihoodRequest request(int[] context, int[] continuation, String text) {
        if (continuation.length == 0) {
            throw new InvalidInput(
                    String.format(Locale.ROOT, "the answer '%s' has no tokens of its own", text));
        }
        if (continuation.length > length) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "an answer has %,d tokens, the model's context holds %,d",
                            continuation.length,
                            length));
        }
        return new LikelihoodRequest(context, continuation);
    }

    /**
     * A document, each token predicted once: the first ones from the token that an empty context is, later ones
     * from as much before them as the model reads.
     */
    public List<LikelihoodRequest> document(String text) {
        int[] body = tokenizer.encode(text);
        int[] ids = new int[body.length + 1];
        ids[0] = beginning();
        System.arraycopy(body, 0, ids, 1, body.length);
        List<LikelihoodRequest> windows = new ArrayList<>();
        for (int done = 1; done < ids.length; ) {
            int end = Math.min(done + length, ids.length);
            int start = Math.max(0, end - 1 - length);
            windows.add(
                    new LikelihoodRequest(
                            Arrays.copyOfRange(ids, start, done),
                            Arrays.copyOfRange(ids, done, end)));
            done = end;
        }
        return windows;
    }

    /** The last tokens of a text's, so many that the model can write some more. */
    int[] prompt(int[] ids, int more) {
        int room = Math.max(1, length - more);
        return ids.length > room ? Arrays.copyOfRange(ids, ids.length - room, ids.length) : ids;
    }

    private int beginning() {
        return Stream.of(tokenizer.beginningOfText(), tokenizer.endOfText())
                .flatMapToInt(OptionalInt::stream)
                .findFirst()
                .orElseThrow(
                        () ->
                                new InvalidInput(
                                        "a text without anything before it needs a tokenizer with"
                                                + " an end-of-text token; this one has none"));
    }
}
