package dev.kiln.plugins.text;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.data.Order;
import dev.kiln.spi.data.Split;
import dev.kiln.spi.data.TextSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The documents of JSONL files, of which a share is held out. Thread-safe. */
final class JsonLines implements TextSource {
    private final LineFiles files;
    private final double share;
    private final Order order;
    private Optional<HeldOut> heldOut = Optional.empty();

    JsonLines(LineFiles files, double share, Order order) {
        this.files = files;
        this.share = share;
        this.order = order;
    }

    @Override
    public Stream<String> documents(Split split) {
        HeldOut chosen = heldOut();
        return files.documents().filter(text -> chosen.split(text) == split);
    }

    /** Chosen when it is first needed. */
    private synchronized HeldOut heldOut() {
        if (heldOut.isEmpty()) {
            requireDocument(files);
            try (Stream<String> all = files.documents()) {
                heldOut = Optional.of(HeldOut.of(share, all.iterator()));
            }
        }
        return heldOut.get();
    }

    /**
     * @throws InvalidInput when there is no document
     */
    static void requireDocument(LineFiles files) {
        try (Stream<String> all = files.documents()) {
            if (!all.iterator().hasNext()) {
                throw new InvalidInput(files.name() + ": no document to train on");
            }
        }
    }

    @Override
    public Order order() {
        return order;
    }

    @Override
    public List<String> notices() {
        return files.notice().stream().toList();
    }
}
