package dev.kiln.platform.tasks;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.TaskKind;
import dev.kiln.spi.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The input transformations of GPT-1 (Radford et al., 2018, figure 1): an example becomes one or more
 * sequences of tokens, each of which ends with the extract token. Immutable.
 *
 * <p>Where a sequence is longer than the context, its texts lose tokens at their ends, the longest
 * first, until it fits; special tokens are never lost.
 */
public final class InputForm {
    private final Tokenizer tokenizer;
    private final SpecialTokens special;
    private final int context;

    /**
     * @param context most tokens of a sequence
     * @throws InvalidInput when not even one token of each text would fit
     */
    public InputForm(Tokenizer tokenizer, SpecialTokens special, int context) {
        if (context < 5) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "the model's context of %d tokens is too short for [start; text; delimiter; text; extract]",
                            context));
        }
        this.tokenizer = tokenizer;
        this.special = special;
        this.context = context;
    }

    /**
     * An example's sequences.
     *
     * @param cut whether any lost tokens
     */
    record Sequences(List<int[]> ids, boolean cut) {}

    /** The number of texts that an example of a kind has. */
    static int texts(TaskKind kind) {
        return switch (kind) {
            case ENTAILMENT, SIMILARITY -> 2;
            case CLASSIFICATION, MULTIPLE_CHOICE, CLOZE, FREE_ANSWER, TEXT -> 1;
        };
    }

    /**
     * @throws IllegalArgumentException when no head answers this kind
     */
    Sequences sequences(TaskKind kind, Example example) {
        List<String> texts = example.texts();
        return switch (kind) {
            case CLASSIFICATION, ENTAILMENT -> join(List.of(texts));
            case SIMILARITY -> join(List.of(texts, texts.reversed()));
            case MULTIPLE_CHOICE ->
                    join(
                            example.choices().stream()
                                    .map(choice -> List.of(texts.getFirst(), choice))
                                    .toList());
            case CLOZE, FREE_ANSWER, TEXT ->
                    throw new IllegalArgumentException("no head for " + kind);
        };
    }

    private Sequences join(List<List<String>> all) {
        List<int[][]> encoded =
                all.stream()
                        .map(texts -> texts.stream().map(tokenizer::encode).toArray(int[][]::new))
                        .toList();
        boolean cut = encoded.stream().anyMatch(texts -> total(texts) > room(texts.length));
        return new Sequences(encoded.stream().map(this::framed).toList(), cut);
    }

    private int room(int texts) {
        return context - texts - 1;
    }

    private static int total(int[][] texts) {
        return Arrays.stream(texts).mapToInt(text -> text.length).sum();
    }

    /** [start; text; extract] or [start; text; delimiter; text; extract]. */
    private int[] framed(int[][] texts) {
        int[] lengths = fitting(texts);
        int[] sequence = new int[IntStream.of(lengths).sum() + texts.length + 1];
        int at = 0;
        for (int i = 0; i < texts.length; i++) {
            sequence[at++] = i == 0 ? special.start() : special.delimiter();
            System.arraycopy(texts[i], 0, sequence, at, lengths[i]);
            at += lengths[i];
        }
        sequence[at] = special.extract();
        return sequence;
    }

    private int[] fitting(int[][] texts) {
        int[] lengths = Arrays.stream(texts).mapToInt(text -> text.length).toArray();
        for (int over = total(texts) - room(texts.length); over > 0; over--) {
            int longest = 0;
            for (int i = 1; i < lengths.length; i++) {
                longest = lengths[i] > lengths[longest] ? i : longest;
            }
            lengths[longest]--;
        }
        return lengths;
    }
}
