package dev.kiln.platform.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of a tokenizer as they lie in a folder, whether Kiln reads them or not. Immutable.
 *
 * @param names of regular files in the folder
 */
public record TokenizerFiles(Path folder, List<String> names) {
    /** What tokenizers of transformers write. */
    private static final List<String> KNOWN =
            List.of(
                    "tokenizer.json",
                    "tokenizer_config.json",
                    "special_tokens_map.json",
                    "added_tokens.json",
                    "vocab.json",
                    "merges.txt",
                    "encoder_bpe_40000.json",
                    "vocab_40000.bpe",
                    "encoder.json",
                    "vocab.bpe",
                    "vocab.txt",
                    "tokenizer.model",
                    "spiece.model",
                    "sentencepiece.bpe.model",
                    "chat_template.jinja",
                    "chat_template.json");

    public TokenizerFiles {
        names = List.copyOf(names);
    }

    /** Those of a Hugging Face folder, whose other files are the model's. */
    public static TokenizerFiles ofHuggingFace(Path folder) {
        return new TokenizerFiles(
                folder,
                KNOWN.stream().filter(name -> Files.isRegularFile(folder.resolve(name))).toList());
    }

    /** All that is in a folder of a tokenizer alone; none where there is no such folder. */
    public static TokenizerFiles of(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return new TokenizerFiles(folder, List.of());
        }
        try (Stream<Path> files = Files.list(folder)) {
            return new TokenizerFiles(
                    folder,
                    files.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString())
                            .sorted()
                            .toList());
        }
    }

    public boolean isEmpty() {
        return names.isEmpty();
    }

    /** Copies every file into another folder; one of its name that is there is replaced. */
    public void copyTo(Path target) throws IOException {
        for (String name : names) {
            Files.copy(
                    folder.resolve(name),
                    target.resolve(name),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
