package dev.kiln.plugins.text;

import dev.kiln.spi.data.Order;
import dev.kiln.spi.data.Split;
import dev.kiln.spi.data.TextSource;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A document a file, of which some are held out. Files are read as the stream comes to them.
 * Immutable and thread-safe.
 */
record ManyTexts(List<CorpusFile> train, List<CorpusFile> heldOut, Order order)
        implements TextSource {

    /** Holds out the given share of the files, at least one unless the share is 0, never all. */
    static ManyTexts of(List<CorpusFile> files, double share, Order order) {
        long count = Math.clamp(Math.round(files.size() * share), 1, files.size() - 1);
        Set<CorpusFile> chosen =
                files.stream()
                        .sorted(Comparator.comparingDouble(file -> HeldOut.place(file.name())))
                        .limit(share == 0 ? 0 : count)
                        .collect(Collectors.toSet());
        return new ManyTexts(
                files.stream().filter(file -> !chosen.contains(file)).toList(),
                files.stream().filter(chosen::contains).toList(),
                order);
    }

    @Override
    public Stream<String> documents(Split split) {
        List<CorpusFile> files =
                switch (split) {
                    case TRAIN -> train;
                    case HELD_OUT -> heldOut;
                };
        return files.stream().map(file -> TextFile.read(file).text()).filter(t -> !t.isEmpty());
    }
}
