package dev.kiln.plugins.text;

import dev.kiln.spi.data.Order;
import dev.kiln.spi.data.Split;
import dev.kiln.spi.data.TextSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The documents of JSONL files, held-out ones in files of their own. Thread-safe. */
record JsonLinesApart(LineFiles train, LineFiles heldOut, Order order) implements TextSource {

    @Override
    public Stream<String> documents(Split split) {
        return switch (split) {
            case TRAIN -> {
                JsonLines.requireDocument(train);
                yield train.documents();
            }
            case HELD_OUT -> heldOut.documents();
        };
    }

    @Override
    public List<String> notices() {
        return Stream.of(train, heldOut).map(LineFiles::notice).flatMap(Optional::stream).toList();
    }
}
