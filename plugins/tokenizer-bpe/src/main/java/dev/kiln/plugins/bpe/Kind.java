package dev.kiln.plugins.bpe;

import java.util.List;
import java.util.Map;

/** The two kinds of byte-pair encoding, as their files differ. */
enum Kind {
    /** GPT-2's: symbols are bytes, and a space belongs to the word after it. */
    BYTE_LEVEL("GPT2Tokenizer", List.of(new Names("vocab.json", "merges.txt"))),

    /** GPT-1's: symbols are lower-case characters, and {@code </w>} ends a word. */
    END_OF_WORD(
            "OpenAIGPTTokenizer",
            List.of(
                    new Names("vocab.json", "merges.txt"),
                    new Names("encoder_bpe_40000.json", "vocab_40000.bpe")));

    /** Names of a file of ids and of a file of merges. */
    record Names(String vocabulary, String merges) {}

    static final String END_OF_WORD_MARK = "</w>";
    static final String UNKNOWN = "<unk>";
    static final String END_OF_TEXT = "<|endoftext|>";

    private final String tokenizerClass;
    private final List<Names> names;

    Kind(String tokenizerClass, List<Names> names) {
        this.tokenizerClass = tokenizerClass;
        this.names = names;
    }

    /** The class of Hugging Face's transformers that reads the files. */
    String tokenizerClass() {
        return tokenizerClass;
    }

    /** The special tokens that there are where files name no others, if the vocabulary has them. */
    Map<String, String> specialTokens() {
        return Map.of(
                "bos_token",
                END_OF_TEXT,
                "eos_token",
                END_OF_TEXT,
                "unk_token",
                this == END_OF_WORD ? UNKNOWN : END_OF_TEXT);
    }

    /** The names that a vocabulary and its merges may have; those of Hugging Face come first. */
    List<Names> names() {
        return names;
    }
}
