package ${package};

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.data.DataSource;
import dev.kiln.spi.data.Split;
import dev.kiln.spi.data.TextSource;
import dev.kiln.spi.run.Run;
import dev.kiln.spi.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Writes how many tokens the documents to learn from have. */
record Count(DataSource data, Tokenizer tokenizer, Path folder) implements Run {

    @Override
    public void execute() throws IOException {
        if (!(data instanceof TextSource text)) {
            throw new InvalidInput("data: expected a source of text");
        }
        long tokens;
        try (Stream<String> documents = text.documents(Split.TRAIN)) {
            tokens = documents.mapToLong(document -> tokenizer.encode(document).length).sum();
        }
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("tokens.txt"), Long.toString(tokens));
    }
}
