package dev.kiln.platform.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.platform.inference.Likelihood;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was kept is found again, to the last bit. */
class RequestCacheTest {
    private static final LikelihoodRequest REQUEST =
            new LikelihoodRequest(new int[] {1, 2}, new int[] {3});
    private static final LikelihoodRequest OTHER =
            new LikelihoodRequest(new int[] {1}, new int[] {2, 3});
    private static final Likelihood LIKELIHOOD = new Likelihood(-1.0 / 3, 1, true);

    @TempDir private Path folder;

    private RequestCache open(String model) throws IOException {
        return new RequestCache(folder.resolve("requests.txt"), model);
    }

    @Test
    void aFinishedRequestIsFoundByTheNextRun() throws IOException {
        try (RequestCache cache = open("a")) {
            cache.keep(REQUEST, LIKELIHOOD);
            cache.keep(new int[] {4}, 8, "two\nlines é");
        }
        try (RequestCache cache = open("a")) {
            assertEquals(Optional.of(LIKELIHOOD), cache.find(REQUEST));
            assertEquals(Optional.empty(), cache.find(OTHER));
            assertEquals(Optional.of("two\nlines é"), cache.find(new int[] {4}, 8));
            assertEquals(Optional.empty(), cache.find(new int[] {4}, 9));
        }
    }

    @Test
    void aLineThatWasCutOffCountsForNothingAndTheNextOneIsWhole() throws IOException {
        try (RequestCache cache = open("a")) {
            cache.keep(REQUEST, LIKELIHOOD);
        }
        String text = Files.readString(folder.resolve("requests.txt"));
        for (int length = text.length() - 1; length > text.indexOf('\n') + 1; length--) {
            Files.writeString(folder.resolve("requests.txt"), text.substring(0, length));
            try (RequestCache cache = open("a")) {
                Optional<Likelihood> found = cache.find(REQUEST);
                boolean lineEndAlone = length == text.length() - 1;
                assertEquals(lineEndAlone ? Optional.of(LIKELIHOOD) : Optional.empty(), found);
                cache.keep(OTHER, LIKELIHOOD);
            }
            try (RequestCache cache = open("a")) {
                assertEquals(Optional.of(LIKELIHOOD), cache.find(OTHER));
            }
        }
    }

    @Test
    void whatAnotherModelSaidIsDropped() throws IOException {
        try (RequestCache cache = open("a")) {
            cache.keep(REQUEST, LIKELIHOOD);
        }
        try (RequestCache cache = open("b")) {
            assertEquals(Optional.empty(), cache.find(REQUEST));
            assertEquals(0, cache.size());
        }
    }
}
