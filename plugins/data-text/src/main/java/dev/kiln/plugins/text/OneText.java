package dev.kiln.plugins.text;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.data.Order;
import dev.kiln.spi.data.Split;
import dev.kiln.spi.data.TextSource;
import java.util.stream.Stream;

/**
 * One document, whose last characters are held out: of n characters, the first ⌊n·(1 − heldOut)⌋ are
 * trained on. The file is read again for each split. Immutable and thread-safe.
 */
record OneText(CorpusFile file, double heldOut, Order order) implements TextSource {

    @Override
    public Stream<String> documents(Split split) {
        TextFile text = TextFile.read(file);
        int kept = (int) (text.characters() * (1 - heldOut));
        if (kept == 0) {
            throw new InvalidInput(file.path() + ": too short to train on");
        }
        int cut = text.startOf(kept);
        String part =
                switch (split) {
                    case TRAIN -> text.text(text.from(), cut);
                    case HELD_OUT -> text.text(cut, text.bytes().length);
                };
        return part.isEmpty() ? Stream.empty() : Stream.of(part);
    }
}
